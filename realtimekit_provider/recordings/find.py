"""Questions to the API about a meeting, asked until the answer can be relied on."""

from __future__ import annotations

from datetime import datetime, timedelta

from realtimekit_provider.api.models.recording import Recording, parse_time
from realtimekit_provider.api.models.status import get_phase
from realtimekit_provider.deployment.mark import find_foreign_mark, has_mark
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import NotFoundError, RequestRejectedError, WaitTimeoutError
from realtimekit_provider.recordings.inputs import RecordingInputs

__all__ = [
    "belongs_to_meeting",
    "find_active",
    "find_after_lost_response",
    "find_conflicting",
    "wait_until_inactive",
]

_CLOCK_TOLERANCE = timedelta(seconds=2)
_HTTP_CONFLICT = 409
_WORDS_OF_A_CONFLICT = ("already", "active recording", "in progress", "ongoing")


def find_active(inputs: RecordingInputs, ports: Ports) -> Recording | None:
    """Return the meeting's live recording, once what this run stopped is out of the way.

    One that has ended and still uploads is nobody's obstacle until the API says so.

    Raises:
        WaitTimeoutError: A recording that this run stopped still counts as the active one.
    """
    active = ports.recordings.get_active(inputs.meeting_id)
    if active is not None and ports.registry.recordings.is_stopped(active.id):
        active = wait_until_inactive(active.id, inputs, ports)
    return active if active is not None and get_phase(active.status).is_live else None


def wait_until_inactive(stopped_id: str, inputs: RecordingInputs, ports: Ports) -> Recording | None:
    """Wait until ``stopped_id`` no longer counts as active, and return what is active then.

    Raises:
        WaitTimeoutError: It still does after ``timing.inactive_after_stop`` seconds.
    """

    def released() -> tuple[Recording | None] | None:
        active = ports.recordings.get_active(inputs.meeting_id)
        return None if active is not None and active.id == stopped_id else (active,)

    what = f"recording {stopped_id}, which was stopped, to make way"
    answer = poll_until(ports, what, ports.timing.inactive_after_stop, released)
    if answer is None:
        raise WaitTimeoutError(
            f"recording {stopped_id} was stopped and still counts as the active one of meeting "
            f"{inputs.meeting_id} after {ports.timing.inactive_after_stop:.0f} s, so nothing new "
            "was started. Deploy again in a minute"
        )
    return answer[0]


def find_after_lost_response(
    asked_at: datetime, inputs: RecordingInputs, ports: Ports
) -> Recording | None:
    """Return the recording that a POST without a clear answer started, ``None`` if surely none.

    Asks for as long as a started recording may take to appear. What counts as ours began
    after the POST and carries no other resource's mark; where it has a file name, that holds
    one of our prefixes. Of one that tells no time it is open when it began: it has to be live,
    and one that is only listed has to carry our mark.
    """

    def is_ours(one: Recording, *, without_time: bool) -> bool:
        began = _began(one)
        in_time = without_time if began is None else began >= asked_at - _CLOCK_TOLERANCE
        return in_time and _may_be_ours(one, inputs, ports)

    def appeared() -> Recording | None:
        active = ports.recordings.get_active(inputs.meeting_id)
        return active if active and is_ours(active, without_time=_is_live(active)) else None

    what = "an unclear answer to show whether a recording was started"
    found = poll_until(ports, what, ports.timing.visible_after_start, appeared)
    if found is not None:
        return found
    listed = ports.recordings.list_newest(inputs.meeting_id)
    return next(
        (
            one
            for one in listed
            if is_ours(
                one, without_time=_is_live(one) and has_mark(one.output_file_name, inputs.mark)
            )
        ),
        None,
    )


def find_conflicting(
    refusal: RequestRejectedError | NotFoundError, inputs: RecordingInputs, ports: Ports
) -> Recording | None:
    """Return the recording because of which a POST was refused, if that is why.

    A recording that was started a moment ago may take a while to be listed as active.
    """
    said = refusal.info.message.lower()
    is_conflict = refusal.info.status == _HTTP_CONFLICT or any(
        words in said for words in _WORDS_OF_A_CONFLICT
    )
    if not is_conflict:
        return None
    what = f"the recording that meeting {inputs.meeting_id} already has to show up"
    return poll_until(
        ports,
        what,
        ports.timing.visible_after_start,
        lambda: ports.recordings.get_active(inputs.meeting_id),
    )


def belongs_to_meeting(recording: Recording, meeting_id: str, ports: Ports) -> bool:
    """Whether a recording belongs to a meeting, which its own answer need not say."""
    if recording.meeting_id is not None:
        return recording.meeting_id == meeting_id
    active = ports.recordings.get_active(meeting_id)
    if active is not None and active.id == recording.id:
        return True
    return any(found.id == recording.id for found in ports.recordings.list_newest(meeting_id))


def _began(recording: Recording) -> datetime | None:
    return parse_time(recording.invoked_time) or parse_time(recording.started_time)


def _is_live(recording: Recording) -> bool:
    return get_phase(recording.status).is_live


def _may_be_ours(recording: Recording, inputs: RecordingInputs, ports: Ports) -> bool:
    name = recording.output_file_name
    if ports.registry.recordings.is_stopped(recording.id) or find_foreign_mark(name, inputs.mark):
        return False
    prefixes = [layer.file_name_prefix for layer in inputs.layers.values()]
    return name is None or any(prefix is not None and prefix in name for prefix in prefixes)
