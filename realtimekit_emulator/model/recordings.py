"""The life of recordings: INVOKED, RECORDING, PAUSED, UPLOADING, UPLOADED, ERRORED."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable

from realtimekit_emulator.errors import ConflictError
from realtimekit_emulator.model.clock import Clock
from realtimekit_emulator.model.delivery import Delivery
from realtimekit_emulator.model.events import EventLog
from realtimekit_emulator.model.meeting import Meeting
from realtimekit_emulator.model.recording import (
    COMPOSITE,
    ERRORED,
    INVOKED,
    PAUSED,
    RECORDING,
    UPLOADED,
    UPLOADING,
    Reason,
    Recording,
    StartRequest,
    create_composite_request,
    is_active,
)
from realtimekit_emulator.model.recording_index import RecordingIndex
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.timers import Timers
from realtimekit_emulator.uploads import describe_target

_ALL_LEFT = Reason("ALL_PEERS_LEFT")
_RECORD_ON_START = Reason("RECORD_ON_START")
_FAILED = Reason("INTERNAL_ERROR")
_TIME_LIMIT = Reason("API_CALL")
_DASHBOARD = Reason("API_CALL", "USER", "dashboard")


class Recordings:
    """Starts recordings, changes their status by time and by request, and ends them."""

    def __init__(
        self,
        clock: Clock,
        timers: Timers,
        events: EventLog,
        get_settings: Callable[[], Settings],
        delivery: Delivery,
    ) -> None:
        self.index = RecordingIndex()
        self._clock = clock
        self._timers = timers
        self._events = events
        self._get_settings = get_settings
        self._delivery = delivery

    def start(self, request: StartRequest, now: float) -> Recording:
        """Start a recording.

        Raises:
            ConflictError: Nobody is in the meeting, or it is being recorded already, unless the
                settings ``second_start`` or ``both_types`` accept that.
        """
        meeting = request.meeting
        if meeting.session is None or meeting.is_empty:
            raise self._create_conflict("No active session found for the meeting")
        if self._is_taken(meeting, request.type):
            raise self._create_conflict("A recording is already in progress for the meeting")
        recording = Recording(
            number=len(self.index) + 1,
            id=str(uuid.uuid4()),
            app_id=meeting.app_id,
            meeting=meeting,
            session_id=meeting.session.id,
            layers=request.layers,
            invoked_time=now,
            start_reason=request.reason,
            link_key=secrets.token_hex(32),
            user_ids=request.user_ids,
            max_seconds=request.max_seconds,
            type=request.type,
            file_format=request.file_format,
        )
        self.index.add(recording)
        self._set_status(recording, INVOKED, now, "invoked")
        run_at = now + self._get_settings().invoked_seconds
        self._timers.add(run_at, lambda due: self._run(recording, due))
        return recording

    def record_on_start(self, meeting: Meeting, now: float) -> None:
        """Start the composite recording of a new session, where the meeting asks for one."""
        if meeting.options.get("record_on_start") and not self._is_taken(meeting, COMPOSITE):
            self.start(create_composite_request(meeting, _RECORD_ON_START), now)

    def find_active(self, meeting: Meeting, as_of: float | None = None) -> Recording | None:
        """Return the active recording of a meeting, now or as of a time, or None."""
        uploading_too = self._get_settings().uploading_is_active
        return self.index.find_active(meeting.id, uploading_too=uploading_too, as_of=as_of)

    def pause(self, recording: Recording, now: float) -> None:
        """Pause a running recording; raises ConflictError where it does not run."""
        if recording.status == PAUSED and self._get_settings().repeated_action == "accept":
            return
        self._require_status(recording, RECORDING, "paused")
        recording.paused_since = now
        self._set_status(recording, PAUSED, now, "paused")

    def resume(self, recording: Recording, now: float) -> None:
        """Resume a paused recording; raises ConflictError where it is not paused."""
        if recording.status == RECORDING and self._get_settings().repeated_action == "accept":
            return
        self._require_status(recording, PAUSED, "resumed")
        _end_pause(recording, now)
        self._set_status(recording, RECORDING, now, "resumed")

    def stop(self, recording: Recording, reason: Reason, now: float) -> None:
        """End a recording, so that its files are uploaded; raises ConflictError if it has ended."""
        settings = self._get_settings()
        if not is_active(recording.status):
            if settings.repeated_action == "accept":
                return
            raise self._create_status_conflict(recording, "stopped")
        if recording.status == INVOKED and settings.stop_while_invoked == "refuse":
            raise self._create_status_conflict(recording, "stopped")
        self._end(recording, reason, now)

    def schedule_end_of_empty_meeting(self, meeting: Meeting, now: float) -> None:
        """End the recordings of an empty meeting after the time of an empty room."""

        def end_if_still_empty(due: float) -> None:
            if meeting.empty_since == now:
                self.end_recordings(meeting, due)

        self._timers.add(now + self._get_settings().empty_room_seconds, end_if_still_empty)

    def end_recordings(self, meeting: Meeting, now: float) -> None:
        """End the recordings of a meeting because everybody has left or its session has ended."""
        for recording in self.index.list_unfinished(meeting.id):
            if is_active(recording.status):
                self._end(recording, _ALL_LEFT, now)

    def fail(self, recording: Recording, now: float, detail: str) -> None:
        """End a recording as ERRORED."""
        _end_pause(recording, now)
        if recording.stopped_time is None:
            recording.stopped_time = now
            recording.stop_reason = _FAILED
        self._set_status(recording, ERRORED, now, "errored", detail)

    def force_status(self, recording: Recording, status: str, now: float) -> None:
        """Set any status, known or not, without a request of the API."""
        if status == UPLOADING:
            self._end(recording, _DASHBOARD, now, however_short=True)
            return
        if status == ERRORED:
            self.fail(recording, now, "forced")
            return
        if recording.started_time is None and status != INVOKED:
            recording.started_time = now
        if status == UPLOADED:
            _end_pause(recording, now)
            self._upload(recording, now, forced=True)
            return
        if status != PAUSED:
            _end_pause(recording, now)
        elif recording.paused_since is None:
            recording.paused_since = now
        recording.stopped_time = recording.uploaded_time = recording.stop_reason = None
        self._set_status(recording, status, now, "forced", status)

    def _is_taken(self, meeting: Meeting, recording_type: str) -> bool:
        settings = self._get_settings()
        if settings.second_start == "accept":
            return False
        both_accepted = settings.both_types == "accept"
        return any(
            recording.type == recording_type or not both_accepted
            for recording in self.index.list_unfinished(meeting.id)
            if is_active(recording.status, uploading_too=settings.uploading_is_active)
        )

    def _run(self, recording: Recording, now: float) -> None:
        if recording.status != INVOKED:
            return
        recording.started_time = now
        self._set_status(recording, RECORDING, now, "started")
        longest = self._get_settings().longest_seconds
        end_at = now + min(recording.max_seconds or longest, longest)
        self._timers.add(end_at, lambda due: self._end_at_time_limit(recording, due))

    def _end_at_time_limit(self, recording: Recording, now: float) -> None:
        if is_active(recording.status):
            self._end(recording, _TIME_LIMIT, now)

    def _end(
        self, recording: Recording, reason: Reason, now: float, *, however_short: bool = False
    ) -> None:
        _end_pause(recording, now)
        recording.stopped_time = now
        recording.stop_reason = reason
        self._events.add(now, recording.id, "stopped", reason.reason)
        too_short = recording.count_seconds(now) < self._get_settings().minimum_seconds
        if too_short and not however_short:
            self.fail(recording, now, "too short")
            return
        self._set_status(recording, UPLOADING, now, "uploading")
        finish_at = now + self._get_settings().upload_seconds
        self._timers.add(finish_at, lambda due: self._upload(recording, due))

    def _upload(self, recording: Recording, now: float, *, forced: bool = False) -> None:
        if recording.status != UPLOADING and not forced:
            return
        if recording.stopped_time is None:
            recording.stopped_time = now
            recording.stop_reason = _DASHBOARD
        ignore_storage = self._get_settings().storage_config != "honour"
        uploads = self._delivery.create_uploads(recording, ignore_storage=ignore_storage)
        started = self._clock.now()

        def finish(failure: str | None) -> None:
            if recording.status != UPLOADING and not forced:
                return
            finished = now + self._clock.now() - started
            if failure is not None:
                self.fail(recording, finished, failure)
                return
            for upload in uploads:
                detail = f"layer {upload.layer} to {describe_target(upload)}"
                self._events.add(finished, recording.id, "layer_uploaded", detail)
            recording.uploaded_time = finished
            self._set_status(recording, UPLOADED, finished, "uploaded")

        self._delivery.deliver(uploads, finish)

    def _set_status(
        self, recording: Recording, status: str, now: float, event: str, detail: str = ""
    ) -> None:
        self.index.update_status(recording, status)
        recording.history.append((now, status))
        self._events.add(now, recording.id, event, detail)

    def _require_status(self, recording: Recording, status: str, participle: str) -> None:
        if recording.status != status:
            raise self._create_status_conflict(recording, participle)

    def _create_status_conflict(self, recording: Recording, participle: str) -> ConflictError:
        return self._create_conflict(
            f"Recording cannot be {participle}, its status is {recording.status}"
        )

    def _create_conflict(self, message: str) -> ConflictError:
        return ConflictError(message, self._get_settings().conflict_status)


def _end_pause(recording: Recording, now: float) -> None:
    if recording.paused_since is not None:
        recording.paused_seconds += now - recording.paused_since
        recording.paused_since = None
