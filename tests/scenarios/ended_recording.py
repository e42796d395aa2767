"""A recording that ended by itself: ``on_ended``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, STARTED
from tests.scenarios.events import (
    end_sessions_and_upload,
    join_meeting,
)
from tests.scenarios.steps import Scenario, Step

__all__ = ["ENDED_RECORDING"]

ENDED_RECORDING = (
    Scenario(
        "on_ended keep: an ended recording is no change",
        (
            STARTED,
            Step("refresh", before=(end_sessions_and_upload,), calls={"get": 1}, status="UPLOADED"),
            Step("up", plan="same", status="UPLOADED", live_count=0),
        ),
    ),
    Scenario(
        "on_ended restart: an ended recording is replaced",
        (
            Step("up", {"on_ended": "restart"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("refresh", before=(end_sessions_and_upload,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up",
                {"on_ended": "restart"},
                before=(join_meeting,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "on_ended fail: an ended recording is refused",
        (
            Step("up", {"on_ended": "fail"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("refresh", before=(end_sessions_and_upload,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up", {"on_ended": "fail"}, plan="refused", error="on_ended is 'fail'", live_count=0
            ),
            Step(
                "up",
                {"on_ended": "fail", "desired_state": "STOPPED"},
                plan="update",
                status="UPLOADED",
                live_count=0,
            ),
        ),
    ),
    Scenario(
        "ended without a refresh: a pause warns and stores the real status",
        (
            STARTED,
            Step(
                "up",
                {"desired_state": "PAUSED"},
                before=(end_sessions_and_upload,),
                plan="update",
                calls={"pause": 1, "get": 1},
                status="UPLOADED",
                message="The next deployment follows on_ended",
                live_count=0,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="UPLOADED"),
        ),
    ),
    Scenario(
        "ended without a refresh: a destroy succeeds",
        (
            STARTED,
            Step(
                "destroy",
                before=(end_sessions_and_upload,),
                calls={"stop": 1, "get": 1},
                live_count=0,
            ),
        ),
    ),
)
