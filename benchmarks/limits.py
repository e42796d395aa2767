"""Starts against an API that enforces the published limits, in real time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.project import Project, Sample
from benchmarks.world import World, running_world
from realtimekit_provider.client.settings import DEFAULT_BUDGETS

__all__ = ["Limited", "demanded", "one_stack", "two_stacks"]

_PUBLISHED = ((1000, 60.0), (250, 10.0), (1200, 300.0))
_OF_OURS = max(DEFAULT_BUDGETS, key=lambda budget: budget.seconds)
"""What a run allows itself of the longest window, a little less than is published."""


@dataclass(frozen=True)
class Limited:
    """What starting under the limits took.

    Attributes:
        stacks: How many deployments ran at once, with one token.
        recordings: How many each of them started.
        seconds: Until the last of them was done.
        demanded: The seconds that the limits ask for, by the calls that they let pass.
        calls: All requests to the API.
        refused: Those of them that were answered with 429.
    """

    stacks: int
    recordings: int
    seconds: float
    demanded: float
    calls: int
    refused: int


def demanded(calls: int) -> float:
    """Return the seconds that the published limits demand of so many calls, sent as allowed."""
    sent: list[float] = []
    for _ in range(calls):
        free = [sent[-most] + window for most, window in _PUBLISHED if len(sent) >= most]
        sent.append(max([sent[-1] if sent else 0.0, *free]))
    return sent[-1]


@contextmanager
def one_stack(
    recordings: int, folder: Path, while_it_waits: Callable[[float], None]
) -> Iterator[tuple[World, Project, Limited]]:
    """Start many recordings in one deployment: its own limiter keeps below the limits.

    Once the calls of the longest window are spent it does nothing for minutes. Then
    ``while_it_waits`` is told how many seconds that will go on, and may use the machine.

    World and stack are left as they are, for what is measured of them next.
    """
    with running_world(("ours",), "--enforce-limits") as world, ThreadPoolExecutor(1) as beside:
        stack = _stack(world, "ours", recordings, folder)
        began = time.monotonic()
        deployment = beside.submit(stack.measure, "first up")
        while world.calls() < _OF_OURS.calls and not deployment.done():
            time.sleep(1)
        while_it_waits(began + _OF_OURS.seconds - time.monotonic())
        yield world, stack, _limited(world, [deployment.result()], recordings)


def two_stacks(recordings: int, folder: Path) -> Limited:
    """Start recordings in two deployments at once, with one token, which know nothing of it."""
    names = ("one", "other")
    with running_world(names, "--enforce-limits") as world:
        stacks = [_stack(world, name, recordings, folder / name) for name in names]
        samples: list[Sample] = []
        threads = [
            threading.Thread(target=lambda one=one: samples.append(one.measure("first up")))
            for one in stacks
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(samples) < len(stacks):
            raise RuntimeError("a deployment failed under the limits")
        return _limited(world, samples, recordings)


def _stack(world: World, name: str, recordings: int, folder: Path) -> Project:
    stack = Project(folder, "ours", world)
    stack.set("realtimekit:limiter", "on")
    world.fleet(name, recordings).write(stack.folder)
    return stack


def _limited(world: World, samples: list[Sample], recordings: int) -> Limited:
    calls, refused = world.calls(), world.refusals()
    return Limited(
        stacks=len(samples),
        recordings=recordings,
        seconds=max(sample.seconds for sample in samples),
        demanded=demanded(calls - refused),
        calls=calls,
        refused=refused,
    )
