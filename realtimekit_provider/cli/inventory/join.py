"""The join of what the API lists with what the states have: pure, a row for each recording."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import DesiredState, get_phase
from realtimekit_provider.cli.inventory import reasons
from realtimekit_provider.cli.inventory.deviations import describe_deviation, find_new_ending
from realtimekit_provider.cli.inventory.expiry import explain_expiry, find_expiry
from realtimekit_provider.cli.inventory.reasons import Meeting
from realtimekit_provider.cli.inventory.rows import Owner, RecordingClass, Row
from realtimekit_provider.cli.inventory.stacks import App, KnownStack
from realtimekit_provider.cli.pulumi_cli.states import StateRecording
from realtimekit_provider.deployment.mark import (
    find_marked_name,
    list_marks,
    parse_identity,
    parse_urn_digest,
)

__all__ = ["find_unlisted", "join_recordings"]

_UNDEPLOYED = "NOT_DEPLOYED"
_NO_APP = ("", "")
_STOPPED: DesiredState = "STOPPED"

_Holder = tuple[KnownStack, StateRecording]


def find_unlisted(
    listed: Mapping[App, Collection[Recording]], stacks: Iterable[KnownStack]
) -> Iterator[tuple[App, StateRecording]]:
    """Yield each recording that a state has as unfinished, and the list of its app does not have.

    Args:
        listed: What the API lists of each app that was read.
        stacks: The stacks of the project.
    """
    ids = {app: {one.id for one in recordings} for app, recordings in listed.items()}
    for stack in stacks:
        for held in stack.recordings:
            app, stored = _get_app(held), held.stored
            is_open = not stored.is_complete and not stored.is_placeholder
            if is_open and app in ids and stored.id not in ids[app]:
                yield app, held


def join_recordings(
    listed: Mapping[App, Collection[Recording]],
    stacks: Sequence[KnownStack],
    now: datetime,
    unread: Collection[App] = (),
    *,
    live_meetings: Mapping[App, Collection[str]] | None = None,
) -> list[Row]:
    """Return a row for each recording that the API lists or a state has, in no order.

    Args:
        listed: What the API lists of each app that was read; recordings of other apps have no row.
        stacks: The stacks of the project, with what their states have.
        now: The API's present time.
        unread: The apps that could not be read: what states have there is not known to be there.
        live_meetings: The meetings that somebody is in, of each app of which that is known.
    """
    rows = _Join(listed, stacks, now, unread, live_meetings or {}).build_rows()
    return [
        replace(row, reason=f"{row.reason}{explain_expiry(row, now)}{reasons.explain_loss(row)}")
        for row in rows
    ]


class _Join:
    def __init__(
        self,
        listed: Mapping[App, Collection[Recording]],
        stacks: Sequence[KnownStack],
        now: datetime,
        unread: Collection[App],
        live_meetings: Mapping[App, Collection[str]],
    ) -> None:
        self._listed = listed
        self._unread = unread
        self._live_meetings = live_meetings
        self._stacks = stacks
        self._now = now
        self._holders: defaultdict[str, list[_Holder]] = defaultdict(list)
        self._replaced_by: dict[str, Owner] = {}
        self._by_identity: defaultdict[str | None, list[KnownStack]] = defaultdict(list)
        self._by_mark: dict[str, KnownStack] = {}
        self._by_digest: dict[str, Owner] = {}
        for stack in stacks:
            self._by_identity[stack.identity].append(stack)
            for mark in stack.by_mark:
                self._by_mark.setdefault(mark, stack)
            for digest, name in stack.names_by_digest.items():
                self._by_digest.setdefault(digest, Owner(stack.name, name))
            for held in stack.recordings:
                previous = held.stored.outputs.previous
                if not held.stored.is_placeholder:
                    self._holders[held.stored.id].append((stack, held))
                if previous is not None:
                    self._replaced_by[previous.id] = Owner(stack.name, held.name)
        self._meetings = dict(self._list_session_meetings())
        self._live = self._group_live()

    def build_rows(self) -> Iterator[Row]:
        for app, recordings in self._listed.items():
            for recording in recordings:
                yield self._build_row(app, self._complete(recording))
        ids = {one.id for recordings in self._listed.values() for one in recordings}
        for stack in self._stacks:
            for held in stack.recordings:
                app = _get_app(held)
                is_asked = app in self._listed or app in self._unread
                if is_asked and held.stored.id not in ids:
                    ids.add(held.stored.id)
                    yield self._build_unlisted_row(app, stack, held)
            yield from self._build_undeployed_rows(stack)

    def _build_row(self, app: App, recording: Recording) -> Row:
        holders = self._holders.get(recording.id, [])
        mark = _choose_mark(recording, holders)
        owners = tuple(Owner(stack.name, held.name) for stack, held in holders)
        stored = holders[0][1].stored if holders else None
        row = Row(
            RecordingClass.MANAGED,
            "",
            recording,
            app,
            owners=owners,
            starter=self._find_starter(mark, recording),
            mark=mark,
            expires=find_expiry(recording, stored),
        )
        classified = self._classify_held(row, holders) if holders else self._classify_unheld(row)
        twins = self._find_twins(app, recording)
        if twins and classified.is_live:
            reason = reasons.explain_twins(classified, twins)
            return replace(classified, recording_class=RecordingClass.DOUBLED, reason=reason)
        return classified

    def _classify_held(self, row: Row, holders: Sequence[_Holder]) -> Row:
        stack, held = holders[0]
        if len({(stack.name, other.urn) for stack, other in holders}) > 1 and row.is_unfinished:
            return replace(
                row,
                recording_class=RecordingClass.DOUBLED,
                reason=reasons.explain_shared(row.owners),
            )
        deviation = describe_deviation(held, row.recording, stack.get_desired_state(held))
        row = replace(
            row,
            is_as_declared=not deviation,
            has_new_ending=find_new_ending(held, row.recording) is not None,
        )
        reason, inputs = reasons.explain_held(row, stack, held, deviation), held.stored.inputs
        is_given = inputs.adopt_recording_id == row.recording.id
        if row.mark != inputs.mark and (is_given or row.mark is not None):
            origin = reasons.explain_adopted(row.starter, row.mark, stack.name)
            reason = f"{reason}. {origin}" if reason else origin
            return replace(row, recording_class=RecordingClass.ADOPTED, reason=reason)
        return replace(row, reason=reason or "A state has it")

    def _classify_unheld(self, row: Row) -> Row:
        mark = row.mark
        if mark is None:
            reason = reasons.explain_unmanaged(row.recording)
            return replace(row, recording_class=RecordingClass.UNMANAGED, reason=reason)
        stack = self._find_stack(mark)
        if stack is None:
            reason = reasons.explain_foreign(row.starter)
            return replace(row, recording_class=RecordingClass.FOREIGN, reason=reason)
        if not row.is_live:
            reason = reasons.explain_past(self._replaced_by.get(row.recording.id))
            return replace(row, recording_class=RecordingClass.PAST, reason=reason)
        is_wanted = mark in stack.names_to_start
        if stack.get_policy(mark) == "leave" and not is_wanted:
            reason = reasons.explain_left()
            return replace(row, recording_class=RecordingClass.LEFT, reason=reason)
        reason = reasons.explain_orphan(row, stack, is_wanted=is_wanted, now=self._now)
        return replace(row, recording_class=RecordingClass.ORPHAN, reason=reason)

    def _build_unlisted_row(self, app: App, stack: KnownStack, held: StateRecording) -> Row:
        stored, owner = held.stored, Owner(stack.name, held.name)
        owners = tuple(
            Owner(one.name, other.name) for one, other in self._holders.get(stored.id, ())
        ) or (owner,)
        recording = stored.recording.model_copy(
            update={"meeting_id": stored.inputs.meeting_id or None}
        )
        row = Row(RecordingClass.MANAGED, "", recording, app, owners=owners)
        if stored.is_placeholder:
            reason = reasons.explain_unstarted(stored.status)
            return replace(
                row, recording_class=RecordingClass.UNSTARTED, reason=reason, is_started=False
            )
        if app in self._unread:
            return replace(
                row, recording_class=RecordingClass.UNKNOWN, reason=reasons.explain_unread()
            )
        if stored.is_complete:
            return replace(row, reason=reasons.explain_unlisted(stored.status))
        reason = reasons.explain_missing(stack, stored.status)
        return replace(row, recording_class=RecordingClass.MISSING, reason=reason)

    def _build_undeployed_rows(self, stack: KnownStack) -> Iterator[Row]:
        orphans = {
            mark
            for recordings in self._listed.values()
            for one in recordings
            if get_phase(one.status).is_live and one.id not in self._holders
            for mark in list_marks(one.output_file_name)
        }
        taken_over = {stack.names_to_start[mark] for mark in orphans & {*stack.names_to_start}}
        for name, given in stack.undeployed.items():
            app, meeting = stack.get_declared_app(given), given.get("meeting_id")
            if name not in taken_over:
                seen = self._describe_meeting(stack, app or _NO_APP, given)
                yield Row(
                    RecordingClass.UNDEPLOYED,
                    reasons.explain_undeployed(stack, name, seen),
                    Recording(id=name, status=_UNDEPLOYED, meeting_id=meeting),
                    app or _NO_APP,
                    starter=Owner(stack.name, name),
                    is_started=False,
                )

    def _describe_meeting(self, stack: KnownStack, app: App, given: Mapping[str, Any]) -> Meeting:
        meeting = str(given.get("meeting_id"))
        active = next(iter(self._live.get((app, meeting), ())), None)
        live = self._live_meetings.get(app)
        is_to_run = given.get("desired_state") != _STOPPED
        return Meeting(
            recording_id=active,
            former_name=self._find_former_name(stack, active),
            is_anybody_in=None if live is None or not is_to_run else meeting in live,
            is_known=any(one.meeting_id == meeting for one in self._listed.get(app, ())),
            is_to_run=is_to_run,
        )

    def _find_former_name(self, stack: KnownStack, recording_id: str | None) -> str | None:
        """Return the name of what a stack has of a recording, and its file declares no more."""
        holders = self._holders.get(recording_id or "", ())
        names = (held.name for holder, held in holders if holder.name == stack.name)
        return next((name for name in names if name not in stack.declared), None)

    def _find_stack(self, mark: str) -> KnownStack | None:
        # A resource that was moved keeps the mark that its first stack made.
        moved = self._by_mark.get(mark)
        copies = self._by_identity.get(parse_identity(mark), ())
        wanting = (one for one in copies if mark in one.names_to_start)
        return moved or next(wanting, None) or next(iter(copies), None)

    def _find_starter(self, mark: str | None, recording: Recording) -> Owner | None:
        if mark is None:
            return None
        stack = self._find_stack(mark)
        if stack is None:
            # Another state has made it, perhaps for a resource that a file here declares.
            return self._by_digest.get(parse_urn_digest(mark))
        held = stack.by_mark.get(mark)
        known = held.name if held is not None else stack.names_to_start.get(mark)
        # No state or file has the name any more: the file's may, and the mark proves it.
        file_name, sibling = recording.output_file_name, stack.build_urn("")
        return Owner(stack.name, known or find_marked_name(file_name, mark, sibling))

    def _complete(self, recording: Recording) -> Recording:
        """Return it with its meeting, where that is known from elsewhere."""
        if recording.meeting_id is not None:
            return recording
        holders = self._holders.get(recording.id)
        held = holders[0][1].stored.inputs.meeting_id if holders else None
        meeting = held or self._meetings.get(recording.session_id or "")
        return recording.model_copy(update={"meeting_id": meeting or None})

    def _list_session_meetings(self) -> Iterator[tuple[str, str]]:
        for recordings in self._listed.values():
            for one in recordings:
                if one.session_id and one.meeting_id:
                    yield one.session_id, one.meeting_id
        for holders in self._holders.values():
            for _, held in holders:
                session, meeting = held.stored.outputs.session_id, held.stored.inputs.meeting_id
                if session and meeting:
                    yield session, meeting

    def _find_twins(self, app: App, recording: Recording) -> tuple[str, ...]:
        """Return the other live track recordings of a recording's meeting."""
        meeting = recording.meeting_id or recording.session_id or ""
        ids = self._live.get((app, meeting), ())
        return tuple(one for one in ids if one != recording.id) if recording.id in ids else ()

    def _group_live(self) -> Mapping[tuple[App, str], Sequence[str]]:
        """Return the live track recordings of each meeting."""
        groups: defaultdict[tuple[App, str], list[str]] = defaultdict(list)
        for app, recordings in self._listed.items():
            for one in map(self._complete, recordings):
                meeting = one.meeting_id or one.session_id
                if meeting and one.kind != "COMPOSITE" and get_phase(one.status).is_live:
                    groups[app, meeting].append(one.id)
        return groups


def _choose_mark(recording: Recording, holders: Sequence[_Holder]) -> str | None:
    """Return the mark of the resource that has it where its file's name has that one."""
    marks = list_marks(recording.output_file_name)
    own = {held.stored.inputs.mark for _, held in holders}
    return next((mark for mark in marks if mark in own), marks[0] if marks else None)


def _get_app(held: StateRecording) -> App:
    return held.stored.inputs.account_id, held.stored.inputs.app_id
