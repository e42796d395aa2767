"""The check of live recordings that a state does not have, or of which a meeting has two."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.cli.checks.access import require_access
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.locks import DEPLOYED_NOW
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import count, join_sentences
from realtimekit_provider.cli.inventory.join import join_recordings
from realtimekit_provider.cli.inventory.rows import RecordingClass, Row
from realtimekit_provider.cli.inventory.stacks import App, KnownStack

__all__ = ["check_live_recordings", "judge_live_recordings"]


def check_live_recordings(stack: ExaminedStack) -> CheckResult:
    """Say which live recordings of the stack are not in its state, or not the only ones."""
    state = stack.state.require()
    if stack.is_deployed_now:
        return CheckResult.skip(DEPLOYED_NOW)
    require_access(stack)
    declared, _failures = stack.read_declared()
    project = stack.project
    known = KnownStack(
        stack.name,
        project.project.name,
        state,
        declared.settings,
        declared.recordings,
        info=stack.info.require(),
    )
    listed, handed_over = stack.answers.require().unfinished, {*_list_adopted(project)}
    return judge_live_recordings(listed, known, project.get_time(), handed_over)


def judge_live_recordings(
    listed: Mapping[App, Sequence[Recording]],
    stack: KnownStack,
    now: datetime,
    handed_over: Collection[str] = (),
) -> CheckResult:
    """Decide it as ``realtimekit list`` does, by one state and what the API has listed.

    Args:
        listed: The recordings of each app that can still change, one page of each.
        stack: The stack.
        now: The present time.
        handed_over: The recordings that a file of the project takes over by their ids.
    """
    rows = join_recordings(listed, [stack], now)
    found = [
        *(one for one in rows if one.recording_class is RecordingClass.DOUBLED and one.owners),
        *(
            one
            for one in rows
            if one.recording_class is RecordingClass.ORPHAN and one.recording.id not in handed_over
        ),
    ]
    if found:
        return CheckResult.warn(
            join_sentences(list(map(_describe, found))),
            "run 'realtimekit list', which reads the states of all stacks, and says what to do",
        )
    number = sum(map(len, listed.values()))
    return CheckResult.ok(
        f"no orphan, and no meeting recorded twice, among {count(number, 'recording')}"
    )


def _describe(row: Row) -> str:
    if row.recording_class is RecordingClass.DOUBLED:
        return f"{row.owners[0].name}: its meeting is being recorded twice"
    return f"{row.recording.id}: this stack started it, it is live, and the state does not have it"


def _list_adopted(project: ExaminedProject) -> Iterator[str]:
    for report in project.files.require():
        for given in report.stack.recordings.values() if report.stack is not None else ():
            if isinstance(given, Mapping) and isinstance(given.get("adopt_recording_id"), str):
                yield given["adopt_recording_id"]
