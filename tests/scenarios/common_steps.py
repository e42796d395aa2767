"""Steps and inputs that most scenarios share."""

from __future__ import annotations

from typing import Any

from tests.scenarios.steps import Step

__all__ = ["CREATE", "DESTROYED", "REPLACE", "STARTED", "UNCHANGED", "aws"]


def aws(**changes: str) -> dict[str, Any]:
    """Return the input ``layers``: one layer, which is written to an AWS bucket.

    Args:
        **changes: Keys of the ``storage_config`` that are set otherwise.
    """
    config = {
        "type": "aws",
        "access_key": "AKIACANARYONE",
        "secret": "canary-secret-of-step-one",
        "bucket": "recordings",
        "region": "eu-central-1",
        "path": "standups",
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": {**config, **changes}}
    return {"default": {"outputs": [output]}}


CREATE = {"active": 1, "start": 1}
"""The API calls of a start."""

REPLACE = {"stop": 1, "get": 1, **CREATE}
"""The API calls of a replacement: the recording that was stopped is asked what became of it."""

STARTED = Step("up", plan="create", calls=CREATE, status="INVOKED", live_count=1)
UNCHANGED = Step("up", plan="same", status="INVOKED", live_count=1)
DESTROYED = Step("destroy", calls={"stop": 1}, live_count=0)
