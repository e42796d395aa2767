"""What happened in the repository, as a workflow is told of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

__all__ = ["Event"]


@dataclass(frozen=True)
class Event:
    """An event.

    Attributes:
        name: Such as ``pull_request``.
        commit: The commit that a checkout without ``ref`` gets.
        ref: What it is called.
        payload: What ``github.event`` holds.
    """

    name: str
    commit: str
    ref: str = "refs/heads/main"
    payload: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def create_dispatch(cls, workflow: str, commit: str, **inputs: str) -> Event:
        """Return the event that somebody starts one workflow by, by hand."""
        payload = {"inputs": inputs, "workflow": f".github/workflows/{workflow}"}
        return cls("workflow_dispatch", commit, payload=payload)

    def is_for(self, workflow: str) -> bool:
        """Whether the workflow in this file may be started: a dispatch is for one alone."""
        return PurePosixPath(self.payload.get("workflow", workflow)).name == workflow
