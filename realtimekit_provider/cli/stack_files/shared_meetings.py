"""Meetings that two stacks of a project would record, each with its recording's line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from realtimekit_provider.cli.stack_files.validate import FileReport, Mistake
from realtimekit_provider.deployment.meeting_registry import (
    MeetingKey,
    describe_duplicate_recording,
)
from realtimekit_provider.program.recordings import RECORDINGS_KEY, list_wanted_meetings
from realtimekit_provider.schema.input_paths import format_path

__all__ = ["SharedMeeting", "add_shared_meetings", "find_shared_meetings"]


class SharedMeeting(NamedTuple):
    """A recording of a meeting that another stack records as well.

    Attributes:
        stack: The recording's stack.
        mistake: What is said of it, at its line.
        is_certain: Whether account and app of both are known, and so that it is one meeting.
    """

    stack: str
    mistake: Mistake
    is_certain: bool


class _Recording(NamedTuple):
    report: FileReport
    name: str
    meeting: MeetingKey

    def __str__(self) -> str:
        return f"'{self.name}' of stack {self.report.file.stack}"


def add_shared_meetings(reports: Sequence[FileReport]) -> list[FileReport]:
    """Return the reports of a project's files with what only all of them together can tell.

    A meeting of two stacks is a mistake of both; a note where it may be one of two apps.
    """
    mistakes: defaultdict[str, list[Mistake]] = defaultdict(list)
    notes: defaultdict[str, list[str]] = defaultdict(list)
    for shared in find_shared_meetings(reports):
        if shared.is_certain:
            mistakes[shared.stack].append(shared.mistake)
        else:
            notes[shared.stack].append(str(shared.mistake))
    return [
        replace(
            report,
            mistakes=tuple(
                sorted(
                    (*report.mistakes, *mistakes[report.file.stack]),
                    key=lambda mistake: mistake.line,
                )
            ),
            notes=(*report.notes, *notes[report.file.stack]),
        )
        for report in reports
    ]


def find_shared_meetings(reports: Sequence[FileReport]) -> Iterator[SharedMeeting]:
    """Yield each recording of a meeting that another stack records, with the first such stack's.

    Only what is known counts: neither a value that is encrypted, nor one that a stack's own
    environment will set.
    """
    by_meeting: defaultdict[tuple[str | None, MeetingKey], list[_Recording]] = defaultdict(list)
    for report in reports:
        if report.stack is None:
            continue
        url = report.stack.settings.base_url
        for name, meeting in list_wanted_meetings(report.stack).items():
            key = (url, meeting.normal_form)
            by_meeting[key].append(_Recording(report, name, meeting))
    for recordings in by_meeting.values():
        for one in recordings:
            other = next((it for it in recordings if it.report.file != one.report.file), None)
            if other is not None:
                yield _describe(one, other)


def _describe(one: _Recording, other: _Recording) -> SharedMeeting:
    reason = describe_duplicate_recording(str(other), str(one))
    is_certain = all(one.meeting)
    if not is_certain:
        reason += ". It is a mistake if both stacks are of one account and app, not known here"
    path = format_path((RECORDINGS_KEY, one.name, "meeting_id"))
    config = one.report.config
    line = (config and config.find_line(path)) or 1
    return SharedMeeting(one.report.file.stack, Mistake(path, reason, line), is_certain)
