"""What was measured, and the ratios that follow from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from statistics import median

from benchmarks.project import Sample

__all__ = ["Key", "Results", "Series", "Spread"]


@dataclass(frozen=True)
class Key:
    """What a series of samples is of: which set, how many recordings, which operation, whose."""

    set: str
    size: int
    operation: str
    contestant: str


@dataclass(frozen=True)
class Spread:
    """The median of some numbers, with the least and the greatest."""

    middle: float
    least: float
    most: float

    @classmethod
    def of(cls, numbers: list[float]) -> Spread:
        return cls(median(numbers), min(numbers), max(numbers))


@dataclass
class Series:
    """The samples of one key, one for each repetition, in their order."""

    samples: list[Sample] = field(default_factory=list)

    @property
    def seconds(self) -> Spread:
        return Spread.of([one.seconds for one in self.samples])

    @property
    def calls(self) -> int:
        return max(one.calls for one in self.samples)

    @property
    def peak_mib(self) -> float | None:
        known = [one.peak_kib for one in self.samples if one.peak_kib is not None]
        return max(known) / 1024 if known else None


@dataclass
class Results:
    """Every series of a run, in the order in which they began."""

    series: dict[Key, Series] = field(default_factory=dict)
    weights: dict[tuple[str, int, str], tuple[int, int]] = field(default_factory=dict)
    """By set, size and contestant: the bytes of a recording's state, and of its facts therein."""

    def add(self, key: Key, sample: Sample) -> None:
        self.series.setdefault(key, Series()).samples.append(sample)

    def of(self, set_: str, size: int, operation: str, contestant: str) -> Series | None:
        return self.series.get(Key(set_, size, operation, contestant))

    def rows(self, set_: str) -> Iterator[tuple[int, str]]:
        """Yield size and operation of everything in a set, the smallest size first."""
        seen = ((key.size, key.operation) for key in self.series if key.set == set_)
        yield from sorted(dict.fromkeys(seen), key=lambda row: row[0])

    def ratio(
        self, set_: str, size: int, operation: str, other: str, of: str = "seconds"
    ) -> Spread | None:
        """Return ours against another contestant, each repetition against its neighbour.

        ``of`` is the field of :class:`~benchmarks.project.Sample` that is compared.

        Neighbours ran within seconds of each other, so that what else the machine did hit both.
        """
        ours, theirs = (self.of(set_, size, operation, name) for name in ("ours", other))
        if ours is None or theirs is None:
            return None
        pairs = zip(ours.samples, theirs.samples, strict=False)
        return Spread.of([getattr(one, of) / getattr(another, of) for one, another in pairs])
