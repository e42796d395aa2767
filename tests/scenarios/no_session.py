"""A meeting that nobody is in: ``on_no_session``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE
from tests.scenarios.events import (
    everybody_leaves,
    somebody_joins,
)
from tests.scenarios.steps import MANY, Scenario, Step

__all__ = ["NO_SESSION"]

NO_SESSION = (
    Scenario(
        "nobody there: fail",
        (
            Step(
                "up",
                before=(everybody_leaves,),
                plan="create",
                calls={"active": 2, "start": 1, "session": 1, "meeting": 1},
                fails="so there is nothing to record",
                live=0,
            ),
            Step("up", before=(somebody_joins,), plan="create", calls=CREATE, status="INVOKED"),
        ),
    ),
    Scenario(
        "nobody there: skip, and start at the next deployment",
        (
            Step(
                "up",
                {"on_no_session": "skip"},
                before=(everybody_leaves,),
                plan="create",
                calls={"active": 2, "start": 1, "session": 1, "meeting": 1},
                status="NO_SESSION",
                says="The next deployment tries again",
                live=0,
            ),
            Step("refresh", status="NO_SESSION"),
            Step(
                "up",
                {"on_no_session": "skip"},
                before=(somebody_joins,),
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "nobody there: wait until somebody comes",
        (
            Step(
                "up",
                {"on_no_session": "wait", "session_timeout": 20},
                before=(everybody_leaves,),
                meanwhile=somebody_joins,
                plan="create",
                calls={"active": MANY, "start": 2, "session": MANY, "meeting": 1},
                status="INVOKED",
                says="for somebody to join meeting",
                live=1,
            ),
        ),
    ),
    Scenario(
        "nobody there: waiting is bounded",
        (
            Step(
                "up",
                {"on_no_session": "wait", "session_timeout": 0.2},
                before=(everybody_leaves,),
                plan="create",
                calls={"active": 2, "start": 1, "session": MANY, "meeting": 1},
                fails="nobody joined meeting",
                live=0,
            ),
        ),
    ),
)
