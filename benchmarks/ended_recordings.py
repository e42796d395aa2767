"""Refreshes of a stack most of whose recordings have ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.emulated_api import running_api
from benchmarks.project import Project

__all__ = ["EndedRefresh", "measure_ended_refresh"]

_WRITE_STATE_ONCE = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""At the end, and not at each step: what makes the stack is not what is measured."""


@dataclass(frozen=True)
class EndedRefresh:
    """What refreshing took, once most recordings had ended.

    Attributes:
        recordings: How many the stack has.
        ended: How many of them have ended.
        calls_of_first: Those of the refresh that first sees them ended.
        calls: Those of the next, to which they are known as ended.
        seconds: What the next took.
    """

    recordings: int
    ended: int
    calls_of_first: int
    calls: int
    seconds: float


def measure_ended_refresh(recordings: int, ended: int, folder: Path) -> EndedRefresh:
    """Start recordings, let the oldest of them end, and refresh twice."""
    with running_api(("ours",)) as api:
        stack = Project(folder, "ours", api)
        api.declare_recordings("ours", recordings).write(stack.folder)
        stack.measure("first up", **_WRITE_STATE_ONCE)
        for one in api.control.recordings()[:ended]:
            api.control.force(one.id, "UPLOADED")
        first, second = (stack.measure("refresh") for _ in range(2))
        return EndedRefresh(recordings, ended, first.calls, second.calls, second.seconds)
