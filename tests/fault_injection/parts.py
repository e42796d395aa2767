"""The parts of a campaign: faults over gRPC, the same through the engine, kills, and rivals."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from realtimekit_emulator import EmulatorServer
from tests.fault_injection.campaign import Finding, Findings, live_through
from tests.fault_injection.cases import drawn
from tests.fault_injection.concurrent_deployments import rivalries
from tests.fault_injection.crash_tests import Chain, Kill, chains
from tests.fault_injection.declared_recordings import running_api
from tests.fault_injection.engine_cases import through_engine
from tests.fault_injection.invariants import Invariant
from tests.pulumi_cli.support.project import make_template

__all__ = [
    "LANES",
    "SEEN",
    "SEEN_OF_RIVALS",
    "Told",
    "faults",
    "kills",
    "rivals",
    "sample_of_the_engine",
]

Told = Callable[[Finding], None]
LANES = 5
SEEN: Collection[Invariant] = ("wanted", "orphan", "double", "lost", "leak", "hang", "void")
"""What is looked at where a real engine deploys: not its tries, nor how it words an error."""
SEEN_OF_RIVALS: Collection[Invariant] = tuple(each for each in SEEN if each != "void")
_AT_ONCE = 3
_SAMPLE = 24


def faults(
    seed: int,
    number: int | None,
    told: Told,
    *,
    without: str | None = None,
    operations: Sequence[str] = (),
    lanes: int = LANES,
) -> list[Finding]:
    """Live through every case, or so many, of all operations or of those named."""
    cases = [
        case
        for case in drawn(seed, None)
        if not operations or case.operation.name.startswith(tuple(operations))
    ]
    findings = Findings()
    live_through(cases[:number], lanes, findings, told, without)
    return findings.all


def sample_of_the_engine(seed: int, told: Told) -> list[Finding]:
    """Meet a sample of the faults in real deployments."""
    with _template() as (template, folder):
        return _told(through_engine(template, folder / "engine", seed, _SAMPLE), told)


def kills(seed: int, number: int, told: Told) -> list[Finding]:
    """Kill so many rounds of deployments, and recover from each."""
    with _template() as (template, folder), ThreadPoolExecutor(_AT_ONCE) as pool:

        def one(number: int, round_: Sequence[Kill]) -> list[Finding]:
            with running_api() as emulator:
                chain = Chain(template, folder / f"chain{number}", emulator)
                return _told(chain.run(round_), told)

        rounds = pool.map(one, *zip(*enumerate(chains(seed, number)), strict=True))
        return [finding for findings in rounds for finding in findings]


def rivals(told: Told) -> list[Finding]:
    """Let two deployments meet."""
    with _template() as (template, folder):
        return _told(rivalries(template, folder), told)


@contextmanager
def _template() -> Iterator[tuple[Path, Path]]:
    with tempfile.TemporaryDirectory(prefix="campaign-") as name, EmulatorServer() as emulator:
        folder = Path(name)
        yield make_template(folder / "template", emulator), folder


def _told(findings: Iterable[Finding], told: Told) -> list[Finding]:
    collected = []
    for finding in findings:
        told(finding)
        collected.append(finding)
    return collected
