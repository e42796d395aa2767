"""Two deployments: of one stack at the same time, and of two stacks with the same meeting."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.fault_injection.invariants import (
    Expected,
    Violation,
    find_foreign_changes,
    find_violations,
)
from tests.fault_injection.pulumi_cli.declared_recordings import (
    declare,
    find_leaks_of,
    running_api,
)
from tests.fault_injection.results import CaseResult
from tests.polling import wait_until
from tests.pulumi_cli.support.project import Project

__all__ = ["deploy_concurrently"]

_FLAGS = ("--yes", "--skip-preview", "--suppress-progress")
_UP = ("up", *_FLAGS)
_DESTROY = ("destroy", *_FLAGS)
_TIMEOUT = 60
_ROW = "two pipelines"


def deploy_concurrently(template: Path, folder: Path) -> Iterator[CaseResult]:
    """Run each pair of deployments."""
    for command in (_UP, _DESTROY):
        with running_api() as emulator:
            project = Project.copy_template(template, folder / f"one-stack-{command[0]}", emulator)
            violations = _run_pair(project, _deploy_one_stack_twice(project, command))
            name = f"up and {command[0]} at the same time"
            yield CaseResult(_ROW, "one stack", name, violations)
    for policy, most_starts in (("fail", 1), ("adopt", 1), ("stop", 2)):
        with running_api() as emulator:
            project = Project.copy_template(template, folder / f"two-stacks-{policy}", emulator)
            violations = _run_pair(project, _deploy_two_stacks(project, policy, most_starts))
            yield CaseResult(_ROW, "one meeting", f"on_conflict: {policy}", violations)
    for policy in ("fail", "adopt"):
        with running_api() as emulator:
            first, second = (
                Project.copy_template(template, folder / f"{name}-owner-{policy}", emulator)
                for name in ("first", "second")
            )
            violations = _run_pair(second, _deploy_two_owners(first, second, policy))
            yield CaseResult(_ROW, "same names", f"on_conflict: {policy}", violations)
    with running_api() as emulator:
        project = Project.copy_template(template, folder / "two-stacks-at-once", emulator)
        violations = _run_pair(project, _deploy_two_stacks_at_once(project))
        name = "both stacks check the meeting before one starts"
        yield CaseResult(_ROW, "one meeting at once", name, violations)


def _run_pair(project: Project, pair: Iterator[Violation]) -> tuple[Violation, ...]:
    try:
        return (*pair, *find_leaks_of(project))
    except (AssertionError, subprocess.TimeoutExpired) as timeout:
        return (Violation("hang", str(timeout)),)


def _deploy_one_stack_twice(project: Project, command: tuple[str, ...]) -> Iterator[Violation]:
    """While the stack is deployed, the lock refuses the other deployment; then deploy once more."""
    control = project.emulator.control
    meeting = control.create_meeting(participants=1).id
    declare(project, {"standup": {"meeting_id": meeting}})
    control.add_fault("slow", route="start_track", seconds=6, effect="after")
    with project.start(*_UP) as first:
        wait_until(lambda: control.counts().of("start_track") > 0, _TIMEOUT)
        second = project.try_run(*command)
        code = _wait_for_exit(first)
    control.clear_faults()
    if code != 0 or second.code == 0 or "locked" not in second.output:
        details = f"the exit codes are {code} and {second.code}: {second.output[-300:]}"
        yield Violation("missing", details)
    project.up()
    yield from _check_recordings(project, _stored_ids(project), 1)


def _deploy_two_stacks(project: Project, policy: str, most_starts: int) -> Iterator[Violation]:
    """The second stack follows its policy, and neither stack loses a recording."""
    control = project.emulator.control
    inputs = {"meeting_id": control.create_meeting(participants=1).id}
    other = project.add_stack("other")
    declare(project, {"standup": inputs})
    declare(other, {"standup": {**inputs, "on_conflict": policy}})
    project.up()
    code = other.try_up().code
    if (code == 0) is not (policy == "stop"):
        yield Violation("missing", f"the exit code of the second stack is {code}")
    owner = other if policy == "stop" else project
    yield from _check_recordings(project, _stored_ids(owner), most_starts)
    for one in (project, other):
        one.destroy()
    yield from _check_recordings(project, frozenset(), most_starts, wanted=False)


def _deploy_two_owners(first: Project, second: Project, policy: str) -> Iterator[Violation]:
    """Two states have the same names: the second is refused, and its destroy changes nothing."""
    control = first.emulator.control
    meeting, other_meeting = (control.create_meeting(participants=1).id for _ in range(2))
    for one, inputs in ((first, {}), (second, {"on_conflict": policy})):
        declare(one, {"standup": {"meeting_id": meeting, **inputs}})
    first.up()
    foreign_ids = _stored_ids(first)
    last_request = max(one.number for one in control.requests())
    refused = second.try_up()
    if refused.code == 0 or "of another stack" not in refused.output:
        yield Violation("missing", f"the exit code of the second stack is {refused.code}")
    declare(second, {"standup": {"meeting_id": other_meeting, "on_conflict": policy}})
    second.up()
    second.destroy()
    expected = Expected("RECORDING", foreign_ids, 1)
    yield from find_violations(control.recordings(meeting), expected)
    after = Expected(None, _stored_ids(second), 1, foreign_ids)
    yield from find_foreign_changes(control.requests(after=last_request), after)
    if first.try_up("--expect-no-changes").code != 0:
        yield Violation("foreign_change", "the first stack plans a change")
    first.destroy()
    yield from _check_recordings(first, frozenset(), 1, wanted=False, meeting_id=meeting)


def _deploy_two_stacks_at_once(project: Project) -> Iterator[Violation]:
    """Both find no active recording; the first to start has it, the other reports the conflict."""
    control = project.emulator.control
    recordings = {"standup": {"meeting_id": control.create_meeting(participants=1).id}}
    other = project.add_stack("other")
    for one in (project, other):
        declare(one, recordings)
    control.add_fault("slow", route="active_recording", seconds=8, effect="after", nth=1)
    with project.start(*_UP) as first:
        wait_until(lambda: control.counts().of("active_recording") > 0, _TIMEOUT)
        other.up()
        output, _ = first.communicate(timeout=_TIMEOUT)
        if first.returncode == 0 or "already has an active recording" not in output:
            details = f"the exit code of the slower stack is {first.returncode}"
            yield Violation("missing", details)
    yield from find_leaks_of(project, output)
    yield from _check_recordings(other, _stored_ids(other), 1)


def _stored_ids(project: Project) -> frozenset[str]:
    return frozenset(one["id"] for one in project.read_recordings().values())


def _check_recordings(
    project: Project,
    stored_ids: frozenset[str],
    most_starts: int,
    *,
    wanted: bool = True,
    meeting_id: str | None = None,
) -> Iterator[Violation]:
    control = project.emulator.control
    wait_until(
        lambda: not any(one.status in {"INVOKED", "UPLOADING"} for one in control.recordings())
    )
    expected = Expected("RECORDING" if wanted else None, stored_ids, most_starts)
    yield from find_violations(control.recordings(meeting_id), expected)


def _wait_for_exit(process: subprocess.Popen[str]) -> int | None:
    """Return the exit code; ``None`` where the process has not ended in time."""
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=_TIMEOUT)
    return process.poll()
