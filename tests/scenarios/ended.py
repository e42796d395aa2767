"""A recording that ended by itself: ``on_ended``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, STARTED
from tests.scenarios.events import (
    somebody_joins,
    the_session_ends,
)
from tests.scenarios.steps import Scenario, Step

__all__ = ["ENDED"]

ENDED = (
    Scenario(
        "ended by itself: keep",
        (
            STARTED,
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step("up", plan="same", status="UPLOADED", live=0),
        ),
    ),
    Scenario(
        "ended by itself: restart",
        (
            Step("up", {"on_ended": "restart"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up",
                {"on_ended": "restart"},
                before=(somebody_joins,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "ended by itself: fail",
        (
            Step("up", {"on_ended": "fail"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step("up", {"on_ended": "fail"}, plan="refused", fails="on_ended is 'fail'", live=0),
            Step(
                "up",
                {"on_ended": "fail", "desired_state": "STOPPED"},
                plan="update",
                status="UPLOADED",
                live=0,
            ),
        ),
    ),
    Scenario(
        "ended unnoticed: a pause says so and records what is true",
        (
            STARTED,
            Step(
                "up",
                {"desired_state": "PAUSED"},
                before=(the_session_ends,),
                plan="update",
                calls={"pause": 1, "get": 1},
                status="UPLOADED",
                says="The next deployment follows on_ended",
                live=0,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="UPLOADED"),
        ),
    ),
    Scenario(
        "ended unnoticed: destroying it is success",
        (
            STARTED,
            Step("destroy", before=(the_session_ends,), calls={"stop": 1, "get": 1}, live=0),
        ),
    ),
)
