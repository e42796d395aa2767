"""Adopting a recording that exists: on proof, or because the user says so."""

from __future__ import annotations

from realtimekit_provider.api.models.recording import Recording, merge_recordings
from realtimekit_provider.api.models.status import get_phase
from realtimekit_provider.deployment.mark import (
    find_foreign_mark,
    find_marked_name,
    has_mark,
    is_of_same_identity,
)
from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.deployment.ports import Ports, Recordings
from realtimekit_provider.deployment.recording_registry import Adoption
from realtimekit_provider.errors import AdoptionError, ConflictError, NotFoundError
from realtimekit_provider.recordings.actions import stop_recording
from realtimekit_provider.recordings.find import is_of_meeting, wait_until_inactive
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.schema.urn import parse_name

__all__ = ["find_adoptable", "read_adoptable", "resolve_conflict"]


def resolve_conflict(active: Recording, inputs: RecordingInputs, ports: Ports) -> Recording | None:
    """Decide what to do about an active recording that this deployment did not start.

    Returns:
        The recording, if it is to be adopted: on the proof of this resource's mark, or by
        ``on_conflict``. ``None`` if the meeting is free now.

    Raises:
        ConflictError: It is neither, and ``on_conflict`` does not say to stop it. One that
            has another resource's mark is never adopted by ``on_conflict``, because that
            resource would stop it one day. Of one whose file has no name, in two answers,
            nobody can tell whose it is, or of which kind. A composite one is neither adopted
            nor stopped: it is somebody else's, and has to be ended by whoever wants its
            meeting's tracks.
        WaitTimeoutError: It was stopped, and is still the meeting's active recording.
        CallError: The API refuses, or cannot be reached.
    """
    if active.kind != "COMPOSITE" and active.output_file_name is None:
        try:
            active = ports.recordings.get(active.id)
        except NotFoundError:
            return None
    if active.kind == "COMPOSITE":
        raise ConflictError(_describe_composite(active, inputs))
    if active.output_file_name is None:
        raise ConflictError(_describe_unknown_owner(active, inputs))
    if has_mark(active.output_file_name, inputs.mark):
        return _adopt_interrupted_start(active, inputs, ports)
    foreign = find_foreign_mark(active.output_file_name, inputs.mark)
    if inputs.on_conflict == "stop":
        ports.reporter.warning(
            f"stopping recording {active.id} of meeting {inputs.meeting_id}, because on_conflict "
            f"is 'stop'{_name_owner(active, foreign, inputs, ports)}"
        )
        stop_recording(active, ports)
        wait_until_inactive(active.id, inputs, ports)
        return None
    if inputs.on_conflict == "adopt" and foreign is None:
        ports.reporter.notice(f"taking over recording {active.id}, because on_conflict is 'adopt'")
        return active
    raise ConflictError(_describe_conflict(active, foreign, inputs, ports))


def find_adoptable(recording_id: str, inputs: RecordingInputs, ports: Ports) -> Recording | None:
    """Return the recording to adopt, verified to be a live one of this meeting.

    ``None`` where it is one of this meeting that has ended, and ``on_ended`` is ``restart``, so
    that an interrupted replacement can be continued.

    Raises:
        AdoptionError: It does not exist, has ended, is a composite one or of another meeting.
        CallError: The API refuses, or cannot be reached.
    """
    meeting = MeetingKey(inputs.account_id, inputs.app_id, inputs.meeting_id)
    adoption = Adoption(recording_id, meeting, may_have_ended=inputs.on_ended == "restart")
    recording = read_adoptable(adoption, ports.recordings)
    if not get_phase(recording.status).is_live:
        ports.reporter.notice(
            f"starting another recording, because {recording_id}, which adopt_recording_id "
            f"names, has ended ({recording.status}) and on_ended is 'restart'"
        )
        return None
    if recording.kind is None and recording.output_file_name is None:
        ports.reporter.warning(
            f"the API does not tell whether recording {recording_id}, which adopt_recording_id "
            "names, is a track recording. It is taken over, since it is named: from now on this "
            "stack pauses and stops it"
        )
    foreign = find_foreign_mark(recording.output_file_name, inputs.mark)
    if foreign is not None:
        ports.reporter.warning(_warn_of_owner(recording, foreign, inputs, ports))
    return recording


def read_adoptable(adoption: Adoption, recordings: Recordings) -> Recording:
    """Return the recording that ``adopt_recording_id`` names, verified to be one of its meeting.

    It is live, or it has ended and may have.

    Raises:
        AdoptionError: It does not exist, has ended, is a composite one or of another meeting.
        CallError: The API refuses, or cannot be reached.
    """
    meeting_id = adoption.meeting.meeting_id
    subject = f"adopt_recording_id names recording {adoption.recording_id}, which"
    try:
        recording = recordings.get(adoption.recording_id)
    except NotFoundError:
        raise AdoptionError(
            f"{subject} the API does not know in app {adoption.meeting.app_id}. Fix the id, or "
            "remove the setting to start a recording"
        ) from None
    if recording.kind is None and recording.output_file_name is None:
        listed = (one for one in recordings.list_newest(meeting_id) if one.id == recording.id)
        recording = merge_recordings(recording, next(listed, recording))
    if recording.kind == "COMPOSITE":
        raise AdoptionError(
            f"{subject} is a composite recording, and only a track recording can be taken over. "
            "Fix the id, or remove the setting to start a recording"
        )
    is_live = get_phase(recording.status).is_live
    if not is_live and not adoption.may_have_ended:
        raise AdoptionError(_describe_ended(recording))
    if not is_of_meeting(recording, meeting_id, recordings):
        if not is_live:
            raise AdoptionError(_describe_ended(recording))
        raise AdoptionError(
            f"{subject} is not one of meeting {meeting_id}. Fix the id or the meeting"
        )
    return recording


def _adopt_interrupted_start(
    active: Recording, inputs: RecordingInputs, ports: Ports
) -> Recording | None:
    try:
        current = ports.recordings.get(active.id)
    except NotFoundError:
        return None
    if not get_phase(current.status).is_live:
        wait_until_inactive(active.id, inputs, ports)
        return None
    ports.reporter.notice(
        f"taking over recording {current.id} of an interrupted deployment: its file name contains "
        f"this resource's mark {inputs.mark}. If the resource was moved to another stack, take it "
        "out of this program and, with 'pulumi state delete', out of this state: otherwise both "
        "stacks have the recording, and each would stop it"
    )
    return current


def _describe_ended(recording: Recording) -> str:
    return (
        f"adopt_recording_id names recording {recording.id}, which has ended "
        f"({recording.status}). Remove the setting to start a recording"
    )


def _name_owner(
    active: Recording, foreign: str | None, inputs: RecordingInputs, ports: Ports
) -> str:
    if foreign is None:
        return ""
    same = is_of_same_identity(foreign, inputs.mark)
    owner = _name_sibling(active, foreign, inputs, ports) if same else "another stack"
    return f"; its file name contains the mark {foreign} of {owner}"


def _name_sibling(recording: Recording, foreign: str, inputs: RecordingInputs, ports: Ports) -> str:
    # One that is declared may have another name by now than the one in its mark.
    urn = ports.registry.marks.find_urn(foreign)
    name = (
        parse_name(urn)
        if urn is not None
        else find_marked_name(recording.output_file_name, foreign, inputs.resource_urn)
    )
    called = f"'{name}', " if name is not None else ""
    return f"{called}another TrackRecording of this stack"


def _warn_of_owner(
    recording: Recording, foreign: str, inputs: RecordingInputs, ports: Ports
) -> str:
    if is_of_same_identity(foreign, inputs.mark):
        owner = _name_sibling(recording, foreign, inputs, ports)
        return (
            f"recording {recording.id} has the mark {foreign} of {owner}: make sure that the state "
            "does not contain that resource any more, or it will stop the recording"
        )
    return (
        f"recording {recording.id} has the mark {foreign} of another stack: make sure that no "
        "other stack still contains it, or that stack will stop the recording"
    )


def _describe_composite(active: Recording, inputs: RecordingInputs) -> str:
    by_itself = active.start_reason == "RECORD_ON_START"
    started = ", which the meeting's record_on_start has started" if by_itself else ""
    advice = "Take record_on_start out of the meeting and end it" if by_itself else "End it"
    return (
        f"meeting {inputs.meeting_id} already has an active composite recording, {active.id} "
        f"({active.status}){started}, and a meeting has one recording at a time, so no track "
        "recording was started. It is neither taken over nor stopped, whatever on_conflict says. "
        f"{advice} with the API's action 'stop' or in the dashboard, then deploy again"
    )


def _describe_unknown_owner(active: Recording, inputs: RecordingInputs) -> str:
    return (
        f"meeting {inputs.meeting_id} already has an active recording, {active.id} "
        f"({active.status}), and the API does not tell the name of its file, which would say whose "
        "it is. So it is neither taken over nor stopped, and no other one was started. Deploy "
        f"again; or, if it is yours, set adopt_recording_id to '{active.id}'"
    )


def _describe_conflict(
    active: Recording, foreign: str | None, inputs: RecordingInputs, ports: Ports
) -> str:
    since = active.started_time or active.invoked_time
    conflict = (
        f"meeting {inputs.meeting_id} already has an active recording, {active.id} "
        f"({active.status}{f', since {since}' if since else ''}), and nothing proves that this "
        "resource started it, so no other one was started. "
    )
    if foreign is None:
        return (
            f"{conflict}To take it over, set adopt_recording_id to '{active.id}'; to stop it and "
            "start another, set on_conflict to 'stop'"
        )
    if is_of_same_identity(foreign, inputs.mark):
        owner = _name_sibling(active, foreign, inputs, ports)
        return (
            f"{conflict}Its file name contains the mark {foreign} of {owner}: if that is this "
            "resource under an earlier name, give it an alias or rename it in the state ('pulumi "
            "state rename'); if the stack has no such resource, take the recording over by setting "
            f"adopt_recording_id to '{active.id}'"
        )
    return (
        f"{conflict}Its file name contains the mark {foreign} of another stack, or of a state "
        "that was lost: if no stack has that recording, take it over by setting "
        f"adopt_recording_id to '{active.id}'"
    )
