"""The sets that are measured, and with how many recordings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.project import OPERATIONS
from benchmarks.runner import Course
from tools.test_servers.moto_server import running_moto

__all__ = ["LATENCY", "at_once", "in_the_large", "own_storage", "shared_state", "with_latency"]

LATENCY = 0.08
"""Seconds that the real API takes to answer, as far as is known."""

_BUCKET = "pulumi-state"
_IN_STATE = ("first up", "up without changes", "destroy")


def at_once(repetitions: dict[int, int], without: tuple[str, ...] = ()) -> Course:
    """The API answers at once: what is measured is the provider, the engine and the backend."""
    operations = tuple(one for one in OPERATIONS if one not in without)
    return Course("at once", ("floor", "ours", "obvious"), repetitions, operations=operations)


def with_latency(repetitions: dict[int, int]) -> Course:
    """The API answers after 80 ms; the floor calls nobody, so it needs no second measurement."""
    return Course("80 ms", ("ours", "obvious"), repetitions, latency=LATENCY)


def in_the_large(repetitions: dict[int, int]) -> Course:
    """Ours alone, with the latency, as far as a stack is made and destroyed."""
    operations = ("first up", "destroy")
    return Course("80 ms", ("ours",), repetitions, latency=LATENCY, operations=operations)


def own_storage(repetitions: dict[int, int]) -> Course:
    """Each recording has a bucket of its own, and credentials that the engine encrypts."""
    contestants = ("floor", "ours", "obvious")
    return Course("storage", contestants, repetitions, operations=("first up",), own_storage=True)


@contextmanager
def shared_state(repetitions: dict[int, int]) -> Iterator[Course]:
    """The state lies in a bucket of an S3-compatible server, with Pulumi's own locks."""
    with running_moto() as server:
        for name in ("floor", "ours"):
            server.client("s3").create_bucket(Bucket=f"{_BUCKET}-{name}")
        where = f"endpoint={server.url}&s3ForcePathStyle=true&region=us-east-1"
        yield Course(
            "bucket",
            ("floor", "ours"),
            repetitions,
            operations=_IN_STATE,
            backend=f"s3://{_BUCKET}-NAME?{where}",
            slowness=2.2,
            environment=tuple(server.environment.items()),
        )
