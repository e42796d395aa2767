"""A meeting that is recorded already: ``on_conflict``."""

from __future__ import annotations

from tests.scenarios.common_steps import DESTROYED
from tests.scenarios.events import (
    somebody_else_starts,
)
from tests.scenarios.steps import Scenario, Step

__all__ = ["CONFLICT"]

CONFLICT = (
    Scenario(
        "already recorded: fail",
        (
            Step(
                "up",
                before=(somebody_else_starts,),
                plan="create",
                calls={"active": 1},
                fails="already has an active recording",
                live=1,
            ),
        ),
    ),
    Scenario(
        "already recorded: adopt",
        (
            Step(
                "up",
                {"on_conflict": "adopt"},
                before=(somebody_else_starts,),
                plan="create",
                calls={"active": 1},
                status="RECORDING",
                says="taking over recording",
                live=1,
            ),
            DESTROYED,
        ),
    ),
    Scenario(
        "already recorded: stop",
        (
            Step(
                "up",
                {"on_conflict": "stop"},
                before=(somebody_else_starts,),
                plan="create",
                calls={"active": 2, "stop": 1, "start": 1},
                status="INVOKED",
                says="because on_conflict is 'stop'",
                live=1,
            ),
        ),
    ),
)
