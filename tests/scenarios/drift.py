"""Drift: what was changed outside the stack, and what the stack does about it."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, STARTED
from tests.scenarios.events import (
    answer_as_proxy,
    clear_faults,
    delete_recording,
    pause_in_dashboard,
    resume_in_dashboard,
    wait_until_recording,
)
from tests.scenarios.steps import AT_LEAST_ONE, Scenario, Step

__all__ = ["DRIFT"]

DRIFT = (
    Scenario(
        "drift: a pause in the dashboard is shown and undone",
        (
            STARTED,
            Step("refresh", before=(pause_in_dashboard,), calls={"get": 1}, status="PAUSED"),
            Step("preview", plan="update"),
            Step("up", plan="update", calls={"resume": 1}, status="RECORDING", live_count=1),
            Step("up", plan="same", status="RECORDING"),
        ),
    ),
    Scenario(
        "drift: a resume in the dashboard is shown and undone",
        (
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="create",
                calls={**CREATE, "get": AT_LEAST_ONE, "pause": 1},
                status="PAUSED",
            ),
            Step("refresh", before=(resume_in_dashboard,), calls={"get": 1}, status="RECORDING"),
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="update",
                calls={"pause": 1},
                status="PAUSED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "drift: a deleted recording leaves the state and is started again",
        (
            STARTED,
            Step(
                "refresh",
                before=(wait_until_recording, delete_recording),
                calls={"get": 1},
                status=None,
            ),
            Step(
                "up",
                before=(clear_faults,),
                plan="create",
                calls=CREATE,
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "drift: a proxy's 404 does not remove the recording from the state",
        (
            STARTED,
            Step(
                "refresh",
                before=(wait_until_recording, answer_as_proxy),
                calls={"get": 1},
                error="Fix cloudflare:baseUrl",
                live_count=1,
            ),
            Step(
                "destroy",
                calls={"stop": 1, "get": 1},
                error="Fix cloudflare:baseUrl",
                live_count=1,
            ),
            Step("destroy", before=(clear_faults,), calls={"stop": 1}, live_count=0),
        ),
    ),
)
