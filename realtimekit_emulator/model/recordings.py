"""The life of recordings: INVOKED, RECORDING, PAUSED, UPLOADING, UPLOADED, ERRORED."""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from realtimekit_emulator.errors import ConflictError
from realtimekit_emulator.model.recording import (
    ERRORED,
    INVOKED,
    PAUSED,
    RECORDING,
    UPLOADED,
    UPLOADING,
    Layer,
    Reason,
    Recording,
    is_active,
)
from realtimekit_emulator.model.recording_index import RecordingIndex
from realtimekit_emulator.uploads import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from realtimekit_emulator.model.clock import Clock
    from realtimekit_emulator.model.events import EventLog
    from realtimekit_emulator.model.meetings import Meeting
    from realtimekit_emulator.model.settings import Settings
    from realtimekit_emulator.model.timers import Timers
    from realtimekit_emulator.uploads.delivery import Delivery

ALL_LEFT = Reason("ALL_PEERS_LEFT")
FAILED = Reason("INTERNAL_ERROR")
DASHBOARD = Reason("API_CALL", "USER", "dashboard")


@dataclass(frozen=True)
class StartRequest:
    """What a start asks for."""

    meeting: Meeting
    layers: tuple[Layer, ...]
    reason: Reason
    user_ids: tuple[str, ...] = ()
    max_seconds: float | None = None


class Recordings:
    """Starts recordings, lets them live, and ends them."""

    def __init__(
        self,
        clock: Clock,
        timers: Timers,
        events: EventLog,
        settings: Callable[[], Settings],
        delivery: Delivery,
    ) -> None:
        self.index = RecordingIndex()
        self._clock = clock
        self._timers = timers
        self._events = events
        self._settings = settings
        self._delivery = delivery

    def start(self, order: StartRequest, now: float) -> Recording:
        """Start recording a meeting that is attended and, as a rule, not being recorded."""
        meeting = order.meeting
        if not meeting.attended or meeting.session is None:
            message = "No active session found for the meeting"
            raise self._conflict(message)
        if self._settings().second_start == "refuse" and self.active(meeting) is not None:
            message = "A recording is already in progress for the meeting"
            raise self._conflict(message)
        recording = Recording(
            number=len(self.index) + 1,
            id=str(uuid.uuid4()),
            app_id=meeting.app_id,
            meeting=meeting,
            session_id=meeting.session.id,
            layers=order.layers,
            invoked_time=now,
            start_reason=order.reason,
            link_key=secrets.token_hex(32),
            user_ids=order.user_ids,
            max_seconds=order.max_seconds,
        )
        self.index.add(recording)
        self._enter(recording, INVOKED, now, "invoked")
        begin_at = now + self._settings().invoked_seconds
        self._timers.add(begin_at, lambda due: self._begin(recording, due))
        return recording

    def active(self, meeting: Meeting, as_of: float | None = None) -> Recording | None:
        """Return the active recording of a meeting, now or as of a moment."""
        too = self._settings().uploading_is_active
        return self.index.active(meeting.id, uploading_too=too, as_of=as_of)

    def pause(self, recording: Recording, now: float) -> None:
        """Pause what is being recorded."""
        if recording.status == PAUSED and self._settings().repeated_action == "accept":
            return
        self._require(recording, RECORDING, "paused")
        recording.paused_since = now
        self._enter(recording, PAUSED, now, "paused")

    def resume(self, recording: Recording, now: float) -> None:
        """Go on with what is paused."""
        if recording.status == RECORDING and self._settings().repeated_action == "accept":
            return
        self._require(recording, PAUSED, "resumed")
        self._close_pause(recording, now)
        self._enter(recording, RECORDING, now, "resumed")

    def stop(self, recording: Recording, reason: Reason, now: float) -> None:
        """End a recording, so that its files get uploaded."""
        settings = self._settings()
        if not is_active(recording.status):
            if settings.repeated_action == "accept":
                return
            message = f"Recording cannot be stopped, it is {recording.status}"
            raise self._conflict(message)
        if recording.status == INVOKED and settings.stop_while_invoked == "refuse":
            message = f"Recording cannot be stopped, it is {recording.status}"
            raise self._conflict(message)
        self._end(recording, reason, now)

    def emptied(self, meeting: Meeting, now: float) -> None:
        """Give the recordings of a meeting that nobody attends their last seconds."""

        def end(due: float) -> None:
            if meeting.empty_since == now:
                self.ended(meeting, due)

        self._timers.add(now + self._settings().empty_room_seconds, end)

    def ended(self, meeting: Meeting, now: float) -> None:
        """End the recordings of a meeting because its session or its people are gone."""
        for recording in self.index.unfinished(meeting.id):
            if is_active(recording.status):
                self._end(recording, ALL_LEFT, now)

    def fail(self, recording: Recording, now: float, detail: str) -> None:
        """End a recording as ERRORED."""
        self._close_pause(recording, now)
        if recording.stopped_time is None:
            recording.stopped_time = now
            recording.stop_reason = FAILED
        self._enter(recording, ERRORED, now, "errored", detail)

    def force(self, recording: Recording, status: str, now: float) -> None:
        """Put a recording into any state, known or not, as nobody asked for."""
        if status == UPLOADING:
            self._end(recording, DASHBOARD, now, however_short=True)
            return
        if status == ERRORED:
            self.fail(recording, now, "forced")
            return
        if recording.started_time is None and status != INVOKED:
            recording.started_time = now
        if status == UPLOADED:
            self._close_pause(recording, now)
            self._upload(recording, now, forced=True)
            return
        if status != PAUSED:
            self._close_pause(recording, now)
        elif recording.paused_since is None:
            recording.paused_since = now
        recording.stopped_time = recording.uploaded_time = recording.stop_reason = None
        self._enter(recording, status, now, "forced", status)

    def _begin(self, recording: Recording, now: float) -> None:
        if recording.status != INVOKED:
            return
        recording.started_time = now
        self._enter(recording, RECORDING, now, "started")
        asked = recording.max_seconds
        longest = self._settings().longest_seconds
        self._timers.add(
            now + min(asked or longest, longest), lambda due: self._tire(recording, due)
        )

    def _tire(self, recording: Recording, now: float) -> None:
        if is_active(recording.status):
            self._end(recording, Reason("API_CALL"), now)

    def _end(
        self, recording: Recording, reason: Reason, now: float, *, however_short: bool = False
    ) -> None:
        self._close_pause(recording, now)
        recording.stopped_time = now
        recording.stop_reason = reason
        self._events.add(now, recording.id, "stopped", reason.reason)
        too_short = recording.seconds(now) < self._settings().minimum_seconds
        if too_short and not however_short:
            self.fail(recording, now, "too short")
            return
        self._enter(recording, UPLOADING, now, "uploading")
        finish_at = now + self._settings().upload_seconds
        self._timers.add(finish_at, lambda due: self._upload(recording, due))

    def _upload(self, recording: Recording, now: float, *, forced: bool = False) -> None:
        if recording.status != UPLOADING and not forced:
            return
        if recording.stopped_time is None:
            recording.stopped_time = now
            recording.stop_reason = DASHBOARD
        ignored = self._settings().storage_config != "honour"
        uploads = self._delivery.uploads(recording, ignore_storage=ignored)
        begun = self._clock.now()

        def done(failure: str | None) -> None:
            if recording.status != UPLOADING and not forced:
                return
            finished = now + self._clock.now() - begun
            if failure is not None:
                self.fail(recording, finished, failure)
                return
            for upload in uploads:
                detail = f"layer {upload.layer} to {describe(upload)}"
                self._events.add(finished, recording.id, "layer_uploaded", detail)
            recording.uploaded_time = finished
            self._enter(recording, UPLOADED, finished, "uploaded")

        self._delivery.deliver(uploads, done)

    def _enter(
        self, recording: Recording, status: str, now: float, event: str, detail: str = ""
    ) -> None:
        self.index.move(recording, status)
        recording.status = status
        recording.history.append((now, status))
        self._events.add(now, recording.id, event, detail)

    def _close_pause(self, recording: Recording, now: float) -> None:
        if recording.paused_since is not None:
            recording.paused_seconds += now - recording.paused_since
            recording.paused_since = None

    def _require(self, recording: Recording, status: str, done: str) -> None:
        if recording.status != status:
            message = f"Recording cannot be {done}, it is {recording.status}"
            raise self._conflict(message)

    def _conflict(self, message: str) -> ConflictError:
        return ConflictError(message, self._settings().conflict_status)
