"""Adopting a recording that somebody else started: ``adopt_recording_id``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, DESTROYED
from tests.scenarios.events import (
    end_sessions_and_upload,
    join_meeting,
    start_foreign_recording,
)
from tests.scenarios.steps import Placeholder, Scenario, Step

__all__ = ["ADOPTION"]

ADOPTION = (
    Scenario(
        "adopt_recording_id: a recording is adopted, and the setting removed",
        (
            Step(
                "up",
                {"adopt_recording_id": Placeholder.FOREIGN},
                before=(start_foreign_recording,),
                plan="create",
                calls={"get": 1, "active": 1},
                status="RECORDING",
                live_count=1,
            ),
            Step(
                "up", {"adopt_recording_id": Placeholder.FOREIGN}, plan="same", status="RECORDING"
            ),
            Step("up", plan="same", status="RECORDING", live_count=1),
            DESTROYED,
        ),
    ),
    Scenario(
        "adopt_recording_id: an adopted recording that has ended, restart",
        (
            Step(
                "up",
                {"adopt_recording_id": Placeholder.FOREIGN, "on_ended": "restart"},
                before=(start_foreign_recording,),
                plan="create",
                calls={"get": 1, "active": 1},
                status="RECORDING",
                live_count=1,
            ),
            Step("refresh", before=(end_sessions_and_upload,), calls={"get": 1}, status="UPLOADED"),
            Step(
                "up",
                {"adopt_recording_id": Placeholder.FOREIGN, "on_ended": "restart"},
                before=(join_meeting,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "adopt_recording_id: an unknown id is refused",
        (
            Step(
                "up",
                {"adopt_recording_id": "unknown"},
                plan="create",
                calls={"get": 1},
                error="which the API does not know",
                live_count=0,
            ),
        ),
    ),
    Scenario(
        "adopt_recording_id: a recording of another meeting is refused",
        (
            Step(
                "up",
                {
                    "meeting_id": Placeholder.OTHER_MEETING,
                    "adopt_recording_id": Placeholder.FOREIGN,
                },
                before=(start_foreign_recording,),
                plan="create",
                calls={"get": 1, "active": 1, "list": 1},
                error="which is not one of meeting",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "adopt_recording_id: an ended recording is refused",
        (
            Step(
                "up",
                {"adopt_recording_id": Placeholder.FOREIGN},
                before=(start_foreign_recording, end_sessions_and_upload),
                plan="create",
                calls={"get": 1},
                error="which has ended",
                live_count=0,
            ),
        ),
    ),
)
