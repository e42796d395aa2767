"""Changed inputs that are stored without an API call."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, STARTED, aws
from tests.scenarios.events import (
    end_sessions,
)
from tests.scenarios.steps import Scenario, Step

__all__ = ["CHANGES_WITHOUT_CALLS"]

CHANGES_WITHOUT_CALLS = (
    Scenario(
        "a rotated credential is stored without a call",
        (
            Step("up", {"layers": aws()}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"layers": aws(access_key="AKIACANARYTWO", secret="canary-secret-of-step-two")},
                plan="update",
                status="INVOKED",
                message="the recording that runs keeps those it was started with",
                live_count=1,
            ),
            Step(
                "up",
                {"layers": aws(access_key="AKIACANARYTWO", secret="canary-secret-of-step-two")},
                plan="same",
                status="INVOKED",
            ),
        ),
    ),
    Scenario(
        "a changed policy is stored without a call",
        (
            STARTED,
            Step("up", {"on_ended": "restart"}, plan="update", status="INVOKED", live_count=1),
            Step("up", {"on_ended": "restart"}, plan="same", status="INVOKED"),
        ),
    ),
    Scenario(
        "a policy of the stack's config applies to the resource",
        (
            Step(
                "up",
                before=(end_sessions,),
                plan="create",
                status="NO_SESSION",
                calls={"sessions": 1, "session": 1, "meeting": 1},
                live_count=0,
            ),
        ),
        config={"realtimekit:onNoSession": "skip"},
    ),
)
