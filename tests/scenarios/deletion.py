"""Deleting a recording: ``on_delete``, ``wait_for_upload``, ``replace_live``."""

from __future__ import annotations

from tests.scenarios.common_steps import CREATE, REPLACE
from tests.scenarios.steps import AT_LEAST_ONE, Scenario, Step

__all__ = ["DELETION"]

DELETION = (
    Scenario(
        "on_delete leave: the recording keeps running",
        (
            Step("up", {"on_delete": "leave"}, plan="create", calls=CREATE, status="INVOKED"),
            Step("destroy", message="is left as it is", live_count=1),
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
                calls=REPLACE,
                status="INVOKED",
                live_count=1,
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
                error="replace_live is 'refuse'",
                live_count=1,
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
                calls={"get": 1, **CREATE},
                status="INVOKED",
                live_count=1,
            ),
        ),
    ),
    Scenario(
        "wait_for_upload: a stop waits for the upload",
        (
            Step("up", {"wait_for_upload": 10}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "up",
                {"wait_for_upload": 10, "desired_state": "STOPPED"},
                plan="update",
                calls={"stop": 1, "get": AT_LEAST_ONE},
                status="UPLOADED",
                live_count=0,
            ),
            Step("destroy", live_count=0),
        ),
    ),
    Scenario(
        "wait_for_upload: a destroy waits for the upload",
        (
            Step("up", {"wait_for_upload": 10}, plan="create", calls=CREATE, status="INVOKED"),
            Step("destroy", calls={"stop": 1, "get": AT_LEAST_ONE}, live_count=0),
        ),
    ),
    Scenario(
        "wait_for_upload: a delete gives up after the timeout",
        (
            Step("up", {"wait_for_upload": 0.2}, plan="create", calls=CREATE, status="INVOKED"),
            Step(
                "destroy",
                calls={"stop": 1, "get": AT_LEAST_ONE},
                error="its files have not been uploaded",
                live_count=0,
            ),
        ),
        emulator={"upload_seconds": 3600},
    ),
)
