"""The sets that are measured, and with how many recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.project import OPERATIONS
from benchmarks.runner import Workload
from tools.test_servers.moto_server import running_moto

__all__ = ["LATENCY", "immediate_api", "large_stacks", "own_storage", "slow_api", "state_in_bucket"]

LATENCY = 0.08
"""Seconds that the real API takes to answer, as far as is known."""

_BUCKET = "pulumi-state"
_IN_STATE = ("first up", "up without changes", "destroy")


def immediate_api(repetitions: dict[int, int], without: tuple[str, ...] = ()) -> Workload:
    """The API answers at once: what is measured is the provider, the engine and the backend."""
    operations = tuple(one for one in OPERATIONS if one not in without)
    return Workload("at once", ("noop", "ours", "naive"), repetitions, operations=operations)


def slow_api(repetitions: dict[int, int]) -> Workload:
    """The API answers after 80 ms; noop makes no call, so it needs no second measurement."""
    return Workload("80 ms", ("ours", "naive"), repetitions, latency=LATENCY)


def large_stacks(repetitions: dict[int, int]) -> Workload:
    """Ours alone, with the latency, as far as a stack is made and destroyed."""
    operations = ("first up", "destroy")
    return Workload("80 ms", ("ours",), repetitions, latency=LATENCY, operations=operations)


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
