"""A recording that is taken over: ``adopt_recording_id``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, DESTROYED
from tests.scenarios.events import (
    somebody_else_starts,
    somebody_joins,
    the_session_ends,
)
from tests.scenarios.steps import Given, Scenario, Step

__all__ = ["ADOPTING"]

ADOPTING = (
    Scenario(
        "a recording is taken over, and the setting taken out again",
        (
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN},
                before=(somebody_else_starts,),
                plan="create",
                calls={"get": 1, "active": 1},
                status="RECORDING",
                live=1,
            ),
            Step("up", {"adopt_recording_id": Given.FOREIGN}, plan="same", status="RECORDING"),
            Step("up", plan="same", status="RECORDING", live=1),
            DESTROYED,
        ),
    ),
    Scenario(
        "one that was taken over and ended: restart",
        (
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN, "on_ended": "restart"},
                before=(somebody_else_starts,),
                plan="create",
                calls={"get": 1, "active": 1},
                status="RECORDING",
                live=1,
            ),
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN, "on_ended": "restart"},
                before=(somebody_joins,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "what does not exist cannot be taken over",
        (
            Step(
                "up",
                {"adopt_recording_id": "nobody-knows-it"},
                plan="create",
                calls={"get": 1},
                fails="which the API does not know",
                live=0,
            ),
        ),
    ),
    Scenario(
        "a recording of another meeting cannot be taken over",
        (
            Step(
                "up",
                {"meeting_id": Given.OTHER_MEETING, "adopt_recording_id": Given.FOREIGN},
                before=(somebody_else_starts,),
                plan="create",
                calls={"get": 1, "active": 1, "list": 1},
                fails="which is not one of meeting",
                live=1,
            ),
        ),
    ),
    Scenario(
        "what has ended cannot be taken over",
        (
            Step(
                "up",
                {"adopt_recording_id": Given.FOREIGN},
                before=(somebody_else_starts, the_session_ends),
                plan="create",
                calls={"get": 1},
                fails="which has ended",
                live=0,
            ),
        ),
    ),
)
