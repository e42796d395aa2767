"""Everything that a run has found."""

from __future__ import annotations

from collections.abc import Mapping
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
        imports: What importing costs.
        limited: Starts under the published limits.
        ended: Refreshes of what has ended.
        left_out: What there was no time for.
        failure: Why the run ended early; empty where it did not.
    """

    results: Results
    imports: Mapping[str, Startup]
    skipped: list[str]
    limited: list[LimitedStarts] = field(default_factory=list)
    ended: list[EndedRefresh] = field(default_factory=list)
    failure: str = ""
