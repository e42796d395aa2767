"""Everything that a run has found."""

from __future__ import annotations

from dataclasses import dataclass, field

from benchmarks.ended_recordings import EndedRefresh
from benchmarks.limits import LimitedStarts
from benchmarks.results import Results
from benchmarks.startup import Startup

__all__ = ["Findings"]


@dataclass
class Findings:
    """What a run has measured, and what it has not.

    Attributes:
        results: The operations of all providers.
        limited: Starts under the published limits.
        ended: Refreshes of what has ended.
        skipped: What there was no time for.
        imports: What importing costs.
        failure: Why the run ended early; empty where it did not.
    """

    results: Results
    skipped: list[str]
    imports: dict[str, Startup] = field(default_factory=dict)
    limited: list[LimitedStarts] = field(default_factory=list)
    ended: list[EndedRefresh] = field(default_factory=list)
    failure: str = ""
