"""What most scenarios begin and end with."""

from __future__ import annotations

from typing import Any

from tests.scenarios.steps import Step

__all__ = ["CREATE", "DESTROYED", "STARTED", "UNCHANGED", "aws"]


def aws(**changes: str) -> dict[str, Any]:
    """A layer's input ``layers`` with one layer that is written to a bucket of one's own."""
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
"""The budget of a start."""

STARTED = Step("up", plan="create", calls=CREATE, status="INVOKED", live=1)
UNCHANGED = Step("up", plan="same", status="INVOKED", live=1)
DESTROYED = Step("destroy", calls={"stop": 1}, live=0)
