"""Two deployments: of one stack at the same moment, and of two stacks with one meeting."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.fault_injection.campaign import Finding
from tests.fault_injection.declared_recordings import declare, leaks, running_api
from tests.fault_injection.invariants import Expected, Violation, judged
from tests.polling import wait_until
from tests.pulumi_cli.support.project import Project

__all__ = ["rivalries"]

_UP = ("up", "--yes", "--skip-preview", "--suppress-progress")
_DESTROY = ("destroy", "--yes", "--skip-preview", "--suppress-progress")
_PATIENCE = 60


def rivalries(template: Path, folder: Path) -> Iterator[Finding]:
    """Live through each rivalry, and yield what was wrong."""
    for other in (_UP, _DESTROY):
        with running_api() as emulator:
            project = Project.copy_template(template, folder / f"one-stack-{other[0]}", emulator)
            found = _lived_through(project, _on_one_stack(project, other))
            yield Finding("two pipelines", "one stack", f"up and {other[0]} at once", found)
    for policy, starts in (("fail", 1), ("adopt", 1), ("stop", 2)):
        with running_api() as emulator:
            project = Project.copy_template(template, folder / f"two-stacks-{policy}", emulator)
            found = _lived_through(project, _on_one_meeting(project, policy, starts))
            yield Finding("two pipelines", "one meeting", f"on_conflict: {policy}", found)
    with running_api() as emulator:
        project = Project.copy_template(template, folder / "two-stacks-at-once", emulator)
        found = _lived_through(project, _asking_at_once(project))
        yield Finding("two pipelines", "one meeting at once", "both ask before one starts", found)


def _lived_through(project: Project, rivalry: Iterator[Violation]) -> tuple[Violation, ...]:
    try:
        return (*rivalry, *leaks(project))
    except (AssertionError, subprocess.TimeoutExpired) as too_long:
        return (Violation("hang", str(too_long)),)


def _on_one_stack(project: Project, other: tuple[str, ...]) -> Iterator[Violation]:
    """While one deploys, the other is refused by the lock; then one more deployment."""
    control = project.emulator.control
    meeting = control.create_meeting(participants=1).id
    declare(project, {"standup": {"meeting_id": meeting}})
    control.add_fault("slow", route="start_track", seconds=6, effect="after")
    with project.start(*_UP) as first:
        wait_until(lambda: control.counts().of("start_track") > 0, _PATIENCE)
        second = project.try_run(*other)
        code = _ended(first)
    control.clear_faults()
    if code != 0 or second.code == 0 or "locked" not in second.output:
        yield Violation("wanted", f"codes {code} and {second.code}: {second.output[-300:]}")
    project.up()
    yield from _judged(project, {one["id"] for one in project.read_recordings().values()}, 1)


def _on_one_meeting(project: Project, policy: str, starts: int) -> Iterator[Violation]:
    """The second stack does what its policy says, and nobody loses a recording."""
    control = project.emulator.control
    inputs = {"meeting_id": control.create_meeting(participants=1).id}
    other = project.add_stack("other")
    declare(project, {"standup": inputs})
    declare(other, {"standup": {**inputs, "on_conflict": policy}})
    project.up()
    code = other.try_up().code
    if (code == 0) is not (policy == "stop"):
        yield Violation("wanted", f"the second stack ended with {code}")
    owner = other if policy == "stop" else project
    yield from _judged(project, {one["id"] for one in owner.read_recordings().values()}, starts)
    for each in (project, other):
        each.destroy()
    yield from _judged(project, set(), starts, wanted=False)


def _asking_at_once(project: Project) -> Iterator[Violation]:
    """Both hear that nothing runs; the one that starts first has it, the other one says so."""
    control = project.emulator.control
    inputs = {"standup": {"meeting_id": control.create_meeting(participants=1).id}}
    other = project.add_stack("other")
    for each in (project, other):
        declare(each, inputs)
    control.add_fault("slow", route="active_recording", seconds=8, effect="after", nth=1)
    with project.start(*_UP) as first:
        wait_until(lambda: control.counts().of("active_recording") > 0, _PATIENCE)
        other.up()
        output, _ = first.communicate(timeout=_PATIENCE)
        if first.returncode == 0 or "ConflictError" not in output:
            yield Violation("wanted", f"the slower stack ended with {first.returncode}")
    yield from leaks(project, output)
    yield from _judged(other, {one["id"] for one in other.read_recordings().values()}, 1)


def _judged(
    project: Project, known: set[str], starts: int, *, wanted: bool = True
) -> Iterator[Violation]:
    control = project.emulator.control
    wait_until(
        lambda: not any(one.status in {"INVOKED", "UPLOADING"} for one in control.recordings())
    )
    expected = Expected("RECORDING" if wanted else None, frozenset(known), starts)
    yield from judged(control.recordings(), expected)


def _ended(process: subprocess.Popen[str]) -> int | None:
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=_PATIENCE)
    return process.poll()
