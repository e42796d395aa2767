"""What was measured, and the ratios that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from benchmarks.project import Sample

__all__ = ["Key", "Results", "Series", "Spread"]


@dataclass(frozen=True)
class Key:
    """What a series of samples is of: workload, recordings, operation, provider."""

    workload: str
    size: int
    operation: str
    provider: str


@dataclass(frozen=True)
class Spread:
    """The median of some numbers, with the smallest and the largest."""

    median: float
    minimum: float
    maximum: float

    @classmethod
    def of(cls, numbers: list[float]) -> Spread:
        """Return the spread of numbers, at least one."""
        return cls(median(numbers), min(numbers), max(numbers))


@dataclass
class Series:
    """The samples of one key, one for each repetition, in their order."""

    samples: list[Sample] = field(default_factory=list)

    @property
    def seconds(self) -> Spread:
        """Wall time of the samples."""
        return Spread.of([one.seconds for one in self.samples])

    @property
    def calls(self) -> int:
        """The most calls of the API that a sample made."""
        return max(one.calls for one in self.samples)

    @property
    def peak_mib(self) -> float | None:
        """The most memory that a sample used, in MiB; ``None`` where none was measured."""
        known = [one.peak_kib for one in self.samples if one.peak_kib is not None]
        return max(known) / 1024 if known else None


@dataclass
class Results:
    """Every series of a run, in the order in which they began."""

    series: dict[Key, Series] = field(default_factory=dict)
    state_sizes: dict[tuple[str, int, str], tuple[int, int]] = field(default_factory=dict)
    """By workload, size, provider: a recording's bytes in the state, and of computed outputs."""

    def add(self, key: Key, sample: Sample) -> None:
        """Add a sample to its series."""
        self.series.setdefault(key, Series()).samples.append(sample)

    def get_series(self, workload: str, size: int, operation: str, provider: str) -> Series | None:
        """Return a series, ``None`` where nothing of it was measured."""
        return self.series.get(Key(workload, size, operation, provider))

    def list_rows(self, workload: str) -> Iterator[tuple[int, str]]:
        """Yield size and operation of everything in a workload, the smallest size first."""
        seen = ((key.size, key.operation) for key in self.series if key.workload == workload)
        yield from sorted(dict.fromkeys(seen), key=lambda row: row[0])

    def compute_ratio(
        self, workload: str, size: int, operation: str, other: str, field: str = "seconds"
    ) -> Spread | None:
        """Return ours against another provider, each repetition against its neighbour.

        ``field`` is the field of :class:`~benchmarks.project.Sample` that is compared.

        Neighbours ran within seconds of each other, so that what else the machine did hit both.
        """
        ours, other_series = (
            self.get_series(workload, size, operation, name) for name in ("ours", other)
        )
        if ours is None or other_series is None:
            return None
        pairs = zip(ours.samples, other_series.samples, strict=False)
        return Spread.of([getattr(one, field) / getattr(another, field) for one, another in pairs])

    def compare_with_latency(
        self, workload: str, size: int, operation: str, seconds_a_call: float
    ) -> Spread | None:
        """Return our seconds against those of noop and of our calls, in each repetition.

        ``seconds_a_call`` is the latency of a call, divided by how many are made at once.
        """
        ours, noop = (self.get_series(workload, size, operation, name) for name in ("ours", "noop"))
        if ours is None or noop is None:
            return None
        pairs = zip(ours.samples, noop.samples, strict=False)
        return Spread.of(
            [one.seconds / (one.calls * seconds_a_call + floor.seconds) for one, floor in pairs]
        )
