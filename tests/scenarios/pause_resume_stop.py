"""A recording that follows ``desired_state``, from its start to its end."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, DESTROYED, REPLACE, STARTED, UNCHANGED
from tests.scenarios.events import (
    end_sessions_and_upload,
    wait_until_recording,
)
from tests.scenarios.steps import AT_LEAST_ONE, Placeholder, Scenario, Step

__all__ = ["PAUSE_RESUME_STOP"]

PAUSE_RESUME_STOP = (
    Scenario(
        "started, paused, resumed and stopped",
        (
            STARTED,
            Step(
                "up",
                {"desired_state": "PAUSED"},
                before=(wait_until_recording,),
                plan="update",
                calls={"pause": 1},
                status="PAUSED",
                live_count=1,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="PAUSED"),
            Step(
                "up",
                {"desired_state": "RECORDING"},
                plan="update",
                calls={"resume": 1},
                status="RECORDING",
                live_count=1,
            ),
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
                live_count=0,
            ),
            Step("up", {"desired_state": "STOPPED"}, plan="same", status="UPLOADING"),
            Step("destroy", live_count=0),
        ),
    ),
    Scenario(
        "an unchanged recording costs no call",
        (STARTED, UNCHANGED, Step("preview", plan="same"), DESTROYED),
    ),
    Scenario(
        "paused from the start",
        (
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="create",
                calls={**CREATE, "get": AT_LEAST_ONE, "pause": 1},
                status="PAUSED",
                live_count=1,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="PAUSED"),
            DESTROYED,
        ),
    ),
    Scenario(
        "not started, then recording",
        (
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="create",
                status="NOT_STARTED",
                message="nothing is started",
                live_count=0,
            ),
            Step("up", {"desired_state": "STOPPED"}, plan="same", status="NOT_STARTED"),
            Step("up", plan="replace", calls=CREATE, status="INVOKED", live_count=1),
            DESTROYED,
        ),
    ),
    Scenario(
        "from stopped to recording is a replacement",
        (
            STARTED,
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
            ),
            Step(
                "up",
                plan="replace",
                calls={"get": 1, **CREATE},
                status="INVOKED",
                message="replaces recording",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "a replacement stops the old recording first",
        (
            STARTED,
            Step(
                "up",
                {"max_seconds": 600},
                plan="replace",
                calls=REPLACE,
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "another meeting is a replacement",
        (
            STARTED,
            Step(
                "up",
                {"meeting_id": Placeholder.OTHER_MEETING},
                plan="replace",
                calls={"meeting": 1, **REPLACE},
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "a destroy of a recording that was never started costs no call",
        (
            Step("up", {"desired_state": "STOPPED"}, plan="create", status="NOT_STARTED"),
            Step("destroy", live_count=0),
        ),
    ),
    Scenario(
        "a refresh of an uploaded recording costs no call",
        (
            STARTED,
            Step("refresh", before=(end_sessions_and_upload,), calls={"get": 1}, status="UPLOADED"),
            Step("refresh", status="UPLOADED"),
            Step("destroy", live_count=0),
        ),
    ),
)
