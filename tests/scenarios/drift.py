"""What was changed outside, and how the stack finds it."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, STARTED
from tests.scenarios.events import (
    a_proxy_answers,
    dashboard_pauses,
    dashboard_resumes,
    faults_are_over,
    it_begins,
    it_is_deleted,
)
from tests.scenarios.steps import MANY, Scenario, Step

__all__ = ["DRIFT"]

DRIFT = (
    Scenario(
        "paused in the dashboard: shown by the next preview, and resumed",
        (
            STARTED,
            Step("refresh", before=(dashboard_pauses,), calls={"get": 1}, status="PAUSED"),
            Step("preview", plan="update"),
            Step("up", plan="update", calls={"resume": 1}, status="RECORDING", live=1),
            Step("up", plan="same", status="RECORDING"),
        ),
    ),
    Scenario(
        "resumed in the dashboard: shown by the next preview, and paused",
        (
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="create",
                calls={**CREATE, "get": MANY, "pause": 1},
                status="PAUSED",
            ),
            Step("refresh", before=(dashboard_resumes,), calls={"get": 1}, status="RECORDING"),
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="update",
                calls={"pause": 1},
                status="PAUSED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "deleted: gone, and started again",
        (
            STARTED,
            Step("refresh", before=(it_begins, it_is_deleted), calls={"get": 1}, status=None),
            Step(
                "up",
                before=(faults_are_over,),
                plan="create",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "a proxy's 404: neither gone nor forgotten",
        (
            STARTED,
            Step(
                "refresh",
                before=(it_begins, a_proxy_answers),
                calls={"get": 1},
                fails="fix cloudflare:baseUrl",
                live=1,
            ),
            Step("destroy", calls={"stop": 1, "get": 1}, fails="fix cloudflare:baseUrl", live=1),
            Step("destroy", before=(faults_are_over,), calls={"stop": 1}, live=0),
        ),
    ),
)
