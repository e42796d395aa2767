"""Starts against an API that enforces the published limits, in real time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.emulated_api import EmulatedApi, running_api
from benchmarks.project import Project, Sample

__all__ = ["CALLS_OF_A_TOKEN", "LimitedStarts", "measure_limited_starts", "required_seconds"]

CALLS_OF_A_TOKEN = 1200
"""In five minutes."""

_PUBLISHED = ((1000, 60.0), (250, 10.0), (CALLS_OF_A_TOKEN, 300.0))


@dataclass(frozen=True)
class LimitedStarts:
    """What starting under the limits took.

    Attributes:
        stacks: How many deployments ran at once, with one token.
        recordings: How many each of them started.
        share: The share of the limits that each of them used at most.
        seconds: Until the last of them was done.
        required_seconds: What the limits require, by the calls that they let pass.
        calls: All requests to the API.
        refused: Those of them that were answered with 429.
    """

    stacks: int
    recordings: int
    share: float
    seconds: float
    required_seconds: float
    calls: int
    refused: int

    @property
    def has_shared_limits(self) -> bool:
        """Whether all of them together kept within the limits."""
        return self.stacks * self.share <= 1


def required_seconds(calls: int) -> float:
    """Return the seconds that the published limits require for so many calls."""
    sent: list[float] = []
    for _ in range(calls):
        free = [sent[-most] + window for most, window in _PUBLISHED if len(sent) >= most]
        sent.append(max([sent[-1] if sent else 0.0, *free]))
    return sent[-1]


def measure_limited_starts(
    stacks: int, recordings: int, share: float, folder: Path
) -> LimitedStarts:
    """Start recordings in deployments that run at once, each within its share of the limits."""
    names = [f"stack-{number}" for number in range(stacks)]
    with running_api(names, "--enforce-limits") as api, ThreadPoolExecutor(stacks) as pool:
        projects = [_create_project(api, name, recordings, share, folder / name) for name in names]
        deployments = [pool.submit(project.measure, "first up") for project in projects]
        samples = [deployment.result() for deployment in deployments]
        return _build_limited_starts(api, samples, recordings, share)


def _create_project(
    api: EmulatedApi, name: str, recordings: int, share: float, folder: Path
) -> Project:
    project = Project(folder, "ours", api)
    project.set_config("realtimekit:rateLimitShare", f"{share:g}")
    api.declare_recordings(name, recordings).write(project.folder)
    return project


def _build_limited_starts(
    api: EmulatedApi, samples: list[Sample], recordings: int, share: float
) -> LimitedStarts:
    calls, refused = api.count_calls(), api.count_refusals()
    return LimitedStarts(
        stacks=len(samples),
        recordings=recordings,
        share=share,
        seconds=max(sample.seconds for sample in samples),
        required_seconds=required_seconds(calls - refused),
        calls=calls,
        refused=refused,
    )
