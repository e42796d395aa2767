"""A meeting without a live session: ``on_no_session``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE
from tests.scenarios.events import (
    end_sessions,
    join_meeting,
)
from tests.scenarios.steps import AT_LEAST_ONE, Scenario, Step

__all__ = ["NO_SESSION"]

NO_SESSION = (
    Scenario(
        "on_no_session fail: an empty meeting is an error",
        (
            Step(
                "up",
                before=(end_sessions,),
                plan="create",
                calls={"active": 2, "start": 1, "session": 1, "meeting": 1},
                error="so there is nothing to record",
                live_count=0,
            ),
            Step("up", before=(join_meeting,), plan="create", calls=CREATE, status="INVOKED"),
        ),
    ),
    Scenario(
        "on_no_session skip: the next deployment starts the recording",
        (
            Step(
                "up",
                {"on_no_session": "skip"},
                before=(end_sessions,),
                plan="create",
                calls={"sessions": 1, "session": 1, "meeting": 1},
                status="NO_SESSION",
                message="The next deployment tries again",
                live_count=0,
            ),
            Step("refresh", status="NO_SESSION"),
            Step(
                "up",
                {"on_no_session": "skip"},
                plan="same",
                calls={"sessions": 1},
                status="NO_SESSION",
                live_count=0,
            ),
            Step(
                "up",
                {"on_no_session": "skip"},
                before=(join_meeting,),
                plan="replace",
                calls={**CREATE, "sessions": 1},
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "on_no_session wait: the recording starts when somebody joins",
        (
            Step(
                "up",
                {"on_no_session": "wait", "session_timeout": 20},
                before=(end_sessions,),
                while_waiting=join_meeting,
                plan="create",
                calls={"active": AT_LEAST_ONE, "start": 2, "session": AT_LEAST_ONE, "meeting": 1},
                status="INVOKED",
                message="s: nobody is in meeting",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "on_no_session wait: the start gives up after session_timeout",
        (
            Step(
                "up",
                {"on_no_session": "wait", "session_timeout": 0.2},
                before=(end_sessions,),
                plan="create",
                calls={"active": 2, "start": 1, "session": AT_LEAST_ONE, "meeting": 1},
                error="nobody joined meeting",
                live_count=0,
            ),
        ),
    ),
)
