"""A meeting that somebody else records already: ``on_conflict``."""

from __future__ import annotations

from tests.scenarios.common_steps import DESTROYED
from tests.scenarios.events import (
    start_composite_recording,
    start_foreign_recording,
)
from tests.scenarios.steps import Scenario, Step

__all__ = ["CONFLICT"]

CONFLICT = (
    Scenario(
        "on_conflict fail: an active recording is an error",
        (
            Step(
                "up",
                before=(start_foreign_recording,),
                plan="create",
                calls={"active": 1},
                error="already has an active recording",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "on_conflict adopt: an active recording is adopted",
        (
            Step(
                "up",
                {"on_conflict": "adopt"},
                before=(start_foreign_recording,),
                plan="create",
                calls={"active": 1},
                status="RECORDING",
                message="taking over recording",
                live_count=1,
            ),
            DESTROYED,
        ),
    ),
    Scenario(
        "on_conflict adopt: a composite recording is not taken over",
        (
            Step(
                "up",
                {"on_conflict": "adopt"},
                before=(start_composite_recording,),
                plan="create",
                calls={"active": 1},
                error="already has an active composite recording",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "on_conflict stop: a composite recording is not stopped",
        (
            Step(
                "up",
                {"on_conflict": "stop"},
                before=(start_composite_recording,),
                plan="create",
                calls={"active": 1},
                error="already has an active composite recording",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "on_conflict stop: an active recording is stopped first",
        (
            Step(
                "up",
                {"on_conflict": "stop"},
                before=(start_foreign_recording,),
                plan="create",
                calls={"active": 2, "stop": 1, "start": 1},
                status="INVOKED",
                message="because on_conflict is 'stop'",
                live_count=1,
            ),
        ),
    ),
)
