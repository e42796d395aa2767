"""What a delete does: ``on_delete``, ``wait_for_upload``, ``replace_live``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE
from tests.scenarios.steps import MANY, Scenario, Step

__all__ = ["DELETING"]

DELETING = (
    Scenario(
        "on_delete leave: the recording goes on",
        (
            Step("up", {"on_delete": "leave"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("destroy", says="is left as it is", live=1),
        ),
    ),
    Scenario(
        "on_delete leave: a replacement still stops the old recording",
        (
            Step("up", {"on_delete": "leave"}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"on_delete": "leave", "max_seconds": 600},
                plan="replace",
                calls={"stop": 1, **CREATE},
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "replace_live refuse: a live recording is not interrupted",
        (
            Step("up", {"replace_live": "refuse"}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"replace_live": "refuse", "max_seconds": 600},
                plan="refused",
                fails="replace_live is 'refuse'",
                live=1,
            ),
            Step(
                "up",
                {"replace_live": "refuse", "desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1},
                status="UPLOADING",
            ),
            Step(
                "up",
                {"replace_live": "refuse", "max_seconds": 600},
                plan="replace",
                calls=CREATE,
                status="INVOKED",
                live=1,
            ),
        ),
    ),
    Scenario(
        "wait_for_upload: a stop waits for the files",
        (
            Step("up", {"wait_for_upload": 10}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"wait_for_upload": 10, "desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1, "get": MANY},
                status="UPLOADED",
                live=0,
            ),
            Step("destroy", live=0),
        ),
    ),
    Scenario(
        "wait_for_upload: destroying waits for the files",
        (
            Step("up", {"wait_for_upload": 10}, plan="create", calls=CREATE, status="INVOKED"),
            Step("destroy", calls={"stop": 1, "get": MANY}, live=0),
        ),
    ),
    Scenario(
        "wait_for_upload: waiting is bounded",
        (
            Step("up", {"wait_for_upload": 0.2}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "destroy",
                calls={"stop": 1, "get": MANY},
                fails="its files have not landed",
                live=0,
            ),
        ),
        emulator={"upload_seconds": 3600},
    ),
)
