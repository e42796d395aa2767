"""InputDiff that the recording itself does not see."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, STARTED, aws
from tests.scenarios.events import (
    everybody_leaves,
)
from tests.scenarios.steps import Scenario, Step

__all__ = ["TAKING_NOTE"]

TAKING_NOTE = (
    Scenario(
        "a rotated credential is taken note of without a call",
        (
            Step("up", {"layers": aws()}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"layers": aws(access_key="AKIACANARYTWO", secret="canary-secret-of-step-two")},
                plan="update",
                status="INVOKED",
                says="the recording that runs keeps those it was started with",
                live=1,
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
        "a changed policy is taken note of without a call",
        (
            STARTED,
            Step("up", {"on_ended": "restart"}, plan="update", status="INVOKED", live=1),
            Step("up", {"on_ended": "restart"}, plan="same", status="INVOKED"),
        ),
    ),
    Scenario(
        "a policy of the whole stack is that of the resource",
        (
            Step(
                "up",
                before=(everybody_leaves,),
                plan="create",
                status="NO_SESSION",
                calls={**CREATE, "active": 2, "session": 1, "meeting": 1},
                live=0,
            ),
        ),
        config={"realtimekit:onNoSession": "skip"},
    ),
)
