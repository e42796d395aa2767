"""Refreshes of a stack most of whose recordings have ended."""

from __future__ import annotations

from dataclasses import dataclass

from benchmarks.project import Project
from benchmarks.world import World

__all__ = ["Ended", "refreshed"]


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


def refreshed(world: World, stack: Project, ended: int) -> Ended:
    """Let the oldest recordings end and refresh twice, with no limits on either side."""
    world.control.set(enforce_limits=False)
    stack.set("realtimekit:limiter", "off")
    recordings = world.control.recordings()
    for one in recordings[:ended]:
        world.control.force(one.id, "UPLOADED")
    seeing, knowing = (stack.measure("refresh") for _ in range(2))
    return Ended(len(recordings), ended, seeing.calls, knowing.calls, knowing.seconds)
