"""A recording that lives as its stack says, from its start to its end."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, DESTROYED, STARTED, UNCHANGED
from tests.scenarios.events import (
    it_begins,
    the_session_ends,
)
from tests.scenarios.steps import MANY, Given, Scenario, Step

__all__ = ["LIFE"]

LIFE = (
    Scenario(
        "started, paused, resumed and stopped",
        (
            STARTED,
            Step(
                "up",
                {"desired_state": "PAUSED"},
                before=(it_begins,),
                plan="update",
                calls={"pause": 1},
                status="PAUSED",
                live=1,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="PAUSED"),
            Step(
                "up",
                {"desired_state": "RECORDING"},
                plan="update",
                calls={"resume": 1},
                status="RECORDING",
                live=1,
            ),
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
                live=0,
            ),
            Step("up", {"desired_state": "STOPPED"}, plan="same", status="UPLOADING"),
            Step("destroy", live=0),
        ),
    ),
    Scenario(
        "no change costs no call",
        (STARTED, UNCHANGED, Step("preview", plan="same"), DESTROYED),
    ),
    Scenario(
        "paused from the start",
        (
            Step(
                "up",
                {"desired_state": "PAUSED"},
                plan="create",
                calls={**CREATE, "get": MANY, "pause": 1},
                status="PAUSED",
                live=1,
            ),
            Step("up", {"desired_state": "PAUSED"}, plan="same", status="PAUSED"),
            DESTROYED,
        ),
    ),
    Scenario(
        "stopped from the start, then recording",
        (
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="create",
                status="NOT_STARTED",
                says="nothing is started",
                live=0,
            ),
            Step("up", {"desired_state": "STOPPED"}, plan="same", status="NOT_STARTED"),
            Step("up", plan="replace", calls=CREATE, status="INVOKED", live=1),
            DESTROYED,
        ),
    ),
    Scenario(
        "from stopped back to recording is another recording",
        (
            STARTED,
            Step(
                "up",
                {"desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
            ),
            Step("up", plan="replace", calls=CREATE, status="INVOKED", live=1),
        ),
    ),
    Scenario(
        "a replacement stops the old recording first",
        (
            STARTED,
            Step(
                "up",
                {"max_seconds": 600},
                plan="replace",
                calls={"stop": 1, **CREATE},
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "another meeting is another recording",
        (
            STARTED,
            Step(
                "up",
                {"meeting_id": Given.OTHER_MEETING},
                plan="replace",
                calls={"stop": 1, **CREATE},
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "destroying what was never started costs no call",
        (
            Step("up", {"desired_state": "STOPPED"}, plan="create", status="NOT_STARTED"),
            Step("destroy", live=0),
        ),
    ),
    Scenario(
        "a refresh of what is uploaded costs no call",
        (
            STARTED,
            Step("refresh", before=(the_session_ends,), calls={"get": 1}, status="UPLOADED"),
            Step("refresh", status="UPLOADED"),
            Step("destroy", live=0),
        ),
    ),
)
