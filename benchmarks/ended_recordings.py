"""Refreshes of a stack most of whose recordings have ended."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.emulated_api import running_world
from benchmarks.project import Project

__all__ = ["Ended", "refreshed"]

_STATE_IS_WRITTEN_ONCE = {"PULUMI_EXPERIMENTAL": "true", "PULUMI_SKIP_CHECKPOINTS": "true"}
"""At the end, and not at each step: what makes the stack is not what is measured."""


@dataclass(frozen=True)
class Ended:
    """What refreshing took, once most recordings had ended.

    Attributes:
        recordings: How many the stack has.
        ended: How many of them have ended.
        calls_to_see: Those of the refresh that first sees them ended.
        calls: Those of the next, to which they are known as ended.
        seconds: What the next took.
    """

    recordings: int
    ended: int
    calls_to_see: int
    calls: int
    seconds: float


def refreshed(recordings: int, ended: int, folder: Path) -> Ended:
    """Start recordings, let the oldest of them end, and refresh twice."""
    with running_world(("ours",)) as world:
        stack = Project(folder, "ours", world)
        world.fleet("ours", recordings).write(stack.folder)
        stack.measure("first up", **_STATE_IS_WRITTEN_ONCE)
        for one in world.control.recordings()[:ended]:
            world.control.force(one.id, "UPLOADED")
        seeing, knowing = (stack.measure("refresh") for _ in range(2))
        return Ended(recordings, ended, seeing.calls, knowing.calls, knowing.seconds)
