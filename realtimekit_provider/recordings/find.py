"""Finding a meeting's recordings: asked until the API's answer can be relied on."""

from __future__ import annotations

from datetime import datetime, timedelta

from realtimekit_provider.api.models.recording import Recording, parse_time
from realtimekit_provider.api.models.status import get_phase
from realtimekit_provider.deployment.mark import find_foreign_mark, has_mark
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Ports, Recordings
from realtimekit_provider.errors import (
    NotFoundError,
    RequestConflictError,
    RequestRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.inputs import RecordingInputs

__all__ = [
    "find_active",
    "find_after_lost_response",
    "find_conflicting",
    "is_of_meeting",
    "wait_until_inactive",
]

_CLOCK_TOLERANCE = timedelta(seconds=2)


def find_active(inputs: RecordingInputs, ports: Ports) -> Recording | None:
    """Return the meeting's live recording, ``None`` where it has none.

    One that this deployment stopped is waited for until it is inactive. One that has ended and
    is uploading does not count, unless the API rejects a start because of it.

    Raises:
        WaitTimeoutError: A recording that this deployment stopped is still the active one.
        CallError: The API refuses, or cannot be reached.
    """
    active = ports.recordings.get_active(inputs.meeting_id)
    if active is not None and ports.registry.recordings.is_stopped(active.id):
        active = wait_until_inactive(active.id, inputs, ports)
    return active if active is not None and _is_live(active) else None


def wait_until_inactive(stopped_id: str, inputs: RecordingInputs, ports: Ports) -> Recording | None:
    """Wait until ``stopped_id`` is not the meeting's active recording, and return the one that is.

    Raises:
        WaitTimeoutError: It still is after ``timing.inactive_after_stop`` seconds.
        CallError: The API refuses, or cannot be reached.
    """

    def get_another_active() -> tuple[Recording | None] | None:
        active = ports.recordings.get_active(inputs.meeting_id)
        return None if active is not None and active.id == stopped_id else (active,)

    reason = f"recording {stopped_id}, which was stopped, is still active"
    timeout = ports.timing.inactive_after_stop
    found = poll_until(ports, reason, timeout, get_another_active)
    if found is None:
        raise WaitTimeoutError(
            f"recording {stopped_id} was stopped, and is still the active one of meeting "
            f"{inputs.meeting_id} after {timeout:.0f} s, so no other one was started. Deploy "
            "again in a minute"
        )
    return found[0]


def find_after_lost_response(
    asked_at: datetime, inputs: RecordingInputs, ports: Ports
) -> Recording | None:
    """Return the recording that a POST without a clear answer started, ``None`` if surely none.

    Asks for as long as a started recording may take to become visible. A recording is taken for
    the started one if it began after the POST and has no other resource's mark; where it has a
    file name, that contains one of the declared prefixes. Where the API gives no time, it is
    unknown when the recording began: then it must be live, and one that is only in the list must
    have this resource's mark.

    Args:
        asked_at: The time of the POST, by the server's clock.
        inputs: The inputs that the POST was made of.
        ports: What an operation works with.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """

    def is_started_one(candidate: Recording, *, is_proven: bool) -> bool:
        began = _get_begin(candidate)
        is_in_time = is_proven if began is None else began >= asked_at - _CLOCK_TOLERANCE
        return is_in_time and _may_be_ours(candidate, inputs, ports)

    def get_started_active() -> Recording | None:
        active = ports.recordings.get_active(inputs.meeting_id)
        return active if active and is_started_one(active, is_proven=_is_live(active)) else None

    reason = "the API shows no recording yet, after an unclear response"
    found = poll_until(ports, reason, ports.timing.visible_after_start, get_started_active)
    if found is not None:
        return found
    for listed in ports.recordings.list_newest(inputs.meeting_id):
        is_proven = _is_live(listed) and has_mark(listed.output_file_name, inputs.mark)
        if is_started_one(listed, is_proven=is_proven):
            return listed
    return None


def find_conflicting(
    rejection: RequestRejectedError | NotFoundError, inputs: RecordingInputs, ports: Ports
) -> Recording | None:
    """Return the recording because of which a POST was rejected, ``None`` if that is not why.

    A recording that was started a moment ago may take a while to be listed as active.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """
    if not isinstance(rejection, RequestConflictError):
        return None
    return poll_until(
        ports,
        f"the API does not show yet what records meeting {inputs.meeting_id}",
        ports.timing.visible_after_start,
        lambda: ports.recordings.get_active(inputs.meeting_id),
    )


def is_of_meeting(recording: Recording, meeting_id: str, recordings: Recordings) -> bool:
    """Whether a recording is one of a meeting; the API is asked where its answer did not say.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """
    if recording.meeting_id is not None:
        return recording.meeting_id == meeting_id
    active = recordings.get_active(meeting_id)
    if active is not None and active.id == recording.id:
        return True
    return any(listed.id == recording.id for listed in recordings.list_newest(meeting_id))


def _get_begin(recording: Recording) -> datetime | None:
    return parse_time(recording.invoked_time) or parse_time(recording.started_time)


def _is_live(recording: Recording) -> bool:
    return get_phase(recording.status).is_live


def _may_be_ours(recording: Recording, inputs: RecordingInputs, ports: Ports) -> bool:
    name = recording.output_file_name
    is_another = recording.kind == "COMPOSITE" or find_foreign_mark(name, inputs.mark)
    if is_another or ports.registry.recordings.is_stopped(recording.id):
        return False
    prefixes = [layer.file_name_prefix for layer in inputs.layers.values()]
    return name is None or any(prefix is not None and prefix in name for prefix in prefixes)
