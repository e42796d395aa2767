"""Starts against an API that enforces the published limits, in real time."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.emulated_api import World, running_world
from benchmarks.project import Project, Sample
from realtimekit_provider.api.rate_limiter import RateLimit, scaled_limits

__all__ = ["CALLS_OF_A_TOKEN", "Limited", "demanded", "starts"]

CALLS_OF_A_TOKEN = 1200
"""In five minutes."""

_PUBLISHED = ((1000, 60.0), (250, 10.0), (CALLS_OF_A_TOKEN, 300.0))


@dataclass(frozen=True)
class Limited:
    """What starting under the limits took.

    Attributes:
        stacks: How many deployments ran at once, with one token.
        recordings: How many each of them started.
        share: The share of the limits that each of them kept within.
        seconds: Until the last of them was done.
        demanded: The seconds that the limits ask for, by the calls that they let pass.
        calls: All requests to the API.
        refused: Those of them that were answered with 429.
    """

    stacks: int
    recordings: int
    share: float
    seconds: float
    demanded: float
    calls: int
    refused: int

    @property
    def knew_of_each_other(self) -> bool:
        """Whether all of them together kept within the limits."""
        return self.stacks * self.share <= 1


def demanded(calls: int) -> float:
    """Return the seconds that the published limits demand of so many calls, sent as allowed."""
    sent: list[float] = []
    for _ in range(calls):
        free = [sent[-most] + window for most, window in _PUBLISHED if len(sent) >= most]
        sent.append(max([sent[-1] if sent else 0.0, *free]))
    return sent[-1]


def starts(
    stacks: int,
    recordings: int,
    share: float,
    folder: Path,
    while_they_wait: Callable[[float], None] = lambda _: None,
) -> Limited:
    """Start recordings in deployments that run at once, each within its share of the limits.

    Once the calls of the longest window are spent they do nothing for minutes. Then
    ``while_they_wait`` is told how many seconds that will go on, and may use the machine.
    """
    longest = max(scaled_limits(share), key=lambda budget: budget.seconds)
    names = [f"stack-{number}" for number in range(stacks)]
    with running_world(names, "--enforce-limits") as world, ThreadPoolExecutor(stacks) as beside:
        projects = [_project(world, name, recordings, share, folder / name) for name in names]
        began = time.monotonic()
        deployments = [beside.submit(project.measure, "first up") for project in projects]
        if _come_to_wait(world, deployments, longest):
            while_they_wait(began + longest.seconds - time.monotonic())
        samples = [deployment.result() for deployment in deployments]
        return _limited(world, samples, recordings, share)


def _come_to_wait(world: World, deployments: list[Future[Sample]], longest: RateLimit) -> bool:
    while not all(deployment.done() for deployment in deployments):
        if world.calls() >= len(deployments) * longest.calls:
            return True
        time.sleep(1)
    return False


def _project(world: World, name: str, recordings: int, share: float, folder: Path) -> Project:
    project = Project(folder, "ours", world)
    project.set("realtimekit:limiter", f"{share:g}")
    world.fleet(name, recordings).write(project.folder)
    return project


def _limited(world: World, samples: list[Sample], recordings: int, share: float) -> Limited:
    calls, refused = world.calls(), world.refusals()
    return Limited(
        stacks=len(samples),
        recordings=recordings,
        share=share,
        seconds=max(sample.seconds for sample in samples),
        demanded=demanded(calls - refused),
        calls=calls,
        refused=refused,
    )
