"""The sets that are measured, and with how many recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from benchmarks.project import OPERATIONS
from benchmarks.runner import Workload
from tools.test_servers.moto_server import running_moto

__all__ = [
    "COMPARED_OPERATIONS",
    "IMMEDIATE",
    "LATENCY",
    "PARALLEL",
    "SLOW",
    "immediate_api",
    "ours_and_noop",
    "own_storage",
    "slow_api",
    "slow_large_stacks",
    "slow_starts",
    "state_in_bucket",
]

IMMEDIATE = "at once"
SLOW = "80 ms"
LATENCY = 0.08
"""Seconds that the real API takes to answer, as far as is known."""
PARALLEL = 16
"""What the CLI is told where the API is slow: as many as our provider's process runs at most."""
COMPARED_OPERATIONS = ("first up", "up without changes", "refresh", "pause all", "destroy")
"""Those in which our processor time has a goal."""

_BUCKET = "pulumi-state"
_IN_STATE = ("first up", "up without changes", "destroy")


def immediate_api(repetitions: dict[int, int], without: tuple[str, ...] = ()) -> Workload:
    """The API answers at once: what is measured is the provider, the engine and the backend."""
    operations = tuple(one for one in OPERATIONS if one not in without)
    return Workload(IMMEDIATE, ("noop", "ours", "naive"), repetitions, operations=operations)


def ours_and_noop(
    repetitions: dict[int, int], operations: tuple[str, ...] = COMPARED_OPERATIONS
) -> Workload:
    """The API answers at once, and the naive provider is left out."""
    return Workload(IMMEDIATE, ("noop", "ours"), repetitions, operations=operations)


def slow_api(repetitions: dict[int, int]) -> Workload:
    """The API answers after 80 ms."""
    providers = ("noop", "ours", "naive")
    return Workload(SLOW, providers, repetitions, latency=LATENCY, parallel=PARALLEL)


def slow_starts(repetitions: dict[int, int]) -> Workload:
    """The API answers after 80 ms, and nothing but starts is measured, without the naive one."""
    return replace(slow_api(repetitions), providers=("noop", "ours"), operations=("first up",))


def slow_large_stacks(repetitions: dict[int, int]) -> Workload:
    """The API answers after 80 ms, as far as a stack is made and destroyed."""
    return replace(slow_starts(repetitions), operations=("first up", "destroy"))


def own_storage(repetitions: dict[int, int]) -> Workload:
    """Each recording has a bucket of its own, and credentials that the engine encrypts."""
    providers = ("noop", "ours", "naive")
    return Workload("storage", providers, repetitions, operations=("first up",), own_storage=True)


@contextmanager
def state_in_bucket(repetitions: dict[int, int]) -> Iterator[Workload]:
    """The state lies in a bucket of an S3-compatible server, with Pulumi's own locks."""
    with running_moto() as server:
        for name in ("noop", "ours"):
            server.client("s3").create_bucket(Bucket=f"{_BUCKET}-{name}")
        where = f"endpoint={server.url}&s3ForcePathStyle=true&region=us-east-1"
        yield Workload(
            "bucket",
            ("noop", "ours"),
            repetitions,
            operations=_IN_STATE,
            backend=f"s3://{_BUCKET}-NAME?{where}",
            slowness=2.2,
            environment=tuple(server.environment.items()),
        )
