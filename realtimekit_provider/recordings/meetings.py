"""What is asked before a recording is started, or stopped for another one: can that be at all."""

from __future__ import annotations

from collections.abc import Callable

from realtimekit_provider.deployment.meeting_registry import (
    MeetingAnswer,
    MeetingKey,
    MeetingRegistry,
)
from realtimekit_provider.deployment.ports import Recordings
from realtimekit_provider.deployment.recording_registry import Adoption, RecordingRegistry
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.errors import (
    AdoptionError,
    CallError,
    MeetingNotFoundError,
    RealtimeKitError,
    TokenRejectedError,
)
from realtimekit_provider.recordings.adopt import read_adoptable
from realtimekit_provider.recordings.explain import (
    Remark,
    explain_missing_meeting,
    explain_refused_adoption,
)
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = [
    "AdoptionAnswer",
    "CreateClient",
    "explain_obstacle",
    "find_new_adoption",
    "find_new_meeting",
    "find_session",
    "has_no_session",
    "is_surely_missing",
    "look_up_adoption",
    "look_up_meeting",
    "require_adoption",
    "require_meeting",
    "require_successor",
]

CreateClient = Callable[[MeetingKey], Recordings]
"""Returns the recordings of the app that a meeting is in."""

AdoptionAnswer = AdoptionError | CallError | None
"""Why a recording cannot be taken over, or could not be looked up; ``None`` where it can be."""


def find_session(meeting_id: str, recordings: Recordings) -> bool | None:
    """Return whether somebody is in a meeting, from a list that all meetings share.

    The list may be late. ``None`` where the API gives no answer: nobody is to fail over that.
    """
    try:
        return recordings.is_anybody_in(meeting_id)
    except RealtimeKitError:
        return None


def has_no_session(meeting_id: str, recordings: Recordings) -> bool:
    """Whether surely nobody is in a meeting: neither the list nor the meeting itself shows one.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """
    return find_session(meeting_id, recordings) is False and not recordings.has_session(meeting_id)


def find_new_meeting(stored: StoredRecording, registry: RunRegistry) -> MeetingKey | None:
    """Return the meeting that is to be recorded in place of the one that is.

    ``None`` where the recording is not live, where the meeting stays or is unknown, and where this
    deployment did not declare that anything is to be recorded, as in a refresh.
    """
    wanted = registry.recordings.find_wanted_meeting(stored.inputs.resource_urn)
    return wanted if stored.phase.is_live and wanted != stored.inputs.meeting else None


def look_up_meeting(
    meeting: MeetingKey, recordings_of_app: Recordings, registry: MeetingRegistry
) -> MeetingAnswer:
    """Return whether the meeting exists, or the error where it cannot be looked up.

    A clear answer is remembered: it costs one call a deployment.

    Args:
        meeting: The meeting, with its app and account.
        recordings_of_app: The recordings of that app.
        registry: Remembers the answer.
    """
    known = registry.find_answer(meeting)
    if known is not None:
        return known
    try:
        answer: MeetingAnswer = recordings_of_app.has_meeting(meeting.meeting_id)
    except TokenRejectedError as error:
        answer = error
    except CallError as error:
        return error
    registry.register_answer(meeting, answer)
    return answer


def is_surely_missing(meeting: MeetingKey, stored: StoredRecording, answer: MeetingAnswer) -> bool:
    """Whether the meeting surely cannot be recorded, so that the old recording should go on.

    It does not exist, or it is in another account, which the token is not for. A token that is
    rejected in the recording's own account tells nothing of the meeting.
    """
    is_other_account = meeting.account_id != stored.inputs.account_id
    return answer is False or (is_other_account and isinstance(answer, TokenRejectedError))


def require_meeting(meeting: MeetingKey, stored: StoredRecording, answer: MeetingAnswer) -> None:
    """Make sure that the meeting exists for which a live recording is to be stopped.

    Args:
        meeting: The meeting that the resource names now.
        stored: The recording that is to be stopped.
        answer: What :func:`look_up_meeting` returned.

    Raises:
        MeetingNotFoundError: There is no such meeting, in this app of this account.
        CallError: The API refuses, or cannot be reached.
    """
    if isinstance(answer, CallError):
        raise type(answer)(
            f"meeting {meeting.meeting_id} of app {meeting.app_id} could not be looked up, so "
            f"recording {stored.id} was not stopped (it keeps running): {answer.summary}",
            answer.info,
        ) from answer
    if not answer:
        raise MeetingNotFoundError(
            f"app {meeting.app_id} has no meeting {meeting.meeting_id}, so recording {stored.id} "
            "was not stopped: it keeps running. Fix meeting_id, app_id or account_id, and deploy "
            "again"
        )


def find_new_adoption(stored: StoredRecording, registry: RunRegistry) -> Adoption | None:
    """Return which recording is to be taken over in place of the live one.

    ``None`` where the recording is not live, where none is named or it is this one, and where this
    deployment did not declare that anything is to be recorded, as in a refresh.
    """
    wanted = registry.recordings.find_wanted_adoption(stored.inputs.resource_urn)
    is_new = wanted is not None and wanted.recording_id != stored.id
    return wanted if is_new and stored.phase.is_live else None


def look_up_adoption(
    adoption: Adoption, recordings_of_app: Recordings, registry: RecordingRegistry
) -> AdoptionAnswer:
    """Return why a recording cannot be taken over, ``None`` where it can be.

    A refusal is remembered: what is planned because of it must not be carried out in another way.

    Args:
        adoption: The recording to take over, with its meeting.
        recordings_of_app: The recordings of that meeting's app.
        registry: Remembers the refusal.
    """
    known = registry.find_refused_adoption(adoption)
    if known is not None:
        return known
    try:
        read_adoptable(adoption, recordings_of_app)
    except AdoptionError as error:
        registry.register_refused_adoption(adoption, error)
        return error
    except CallError as error:
        return error
    return None


def require_adoption(adoption: Adoption, stored: StoredRecording, answer: AdoptionAnswer) -> None:
    """Make sure that a recording can be taken over for which a live one is to be stopped.

    Args:
        adoption: The recording that the resource names now.
        stored: The recording that is to be stopped.
        answer: What :func:`look_up_adoption` returned.

    Raises:
        AdoptionError: It cannot be taken over.
        CallError: The API refuses, or cannot be reached.
    """
    if isinstance(answer, AdoptionError):
        raise AdoptionError(f"{answer}. Recording {stored.id} was not stopped: it keeps running")
    if isinstance(answer, CallError):
        raise type(answer)(
            f"recording {adoption.recording_id}, which adopt_recording_id names, could not be "
            f"looked up, so recording {stored.id} was not stopped (it keeps running): "
            f"{answer.summary}",
            answer.info,
        ) from answer


def require_successor(
    stored: StoredRecording, registry: RunRegistry, create_client: CreateClient
) -> None:
    """Make sure that what is declared can be recorded for which a live recording is to be stopped.

    Args:
        stored: The recording that is to be stopped.
        registry: What this deployment declared.
        create_client: Asks the app of what is to be recorded.

    Raises:
        MeetingNotFoundError: There is no such meeting, in this app of this account.
        AdoptionError: The recording that is named cannot be taken over.
        CallError: The API refuses, or cannot be reached.
    """
    meeting = find_new_meeting(stored, registry)
    if meeting is not None:
        answer = look_up_meeting(meeting, create_client(meeting), registry.meetings)
        require_meeting(meeting, stored, answer)
    adoption = find_new_adoption(stored, registry)
    if adoption is not None:
        client = create_client(adoption.meeting)
        require_adoption(adoption, stored, look_up_adoption(adoption, client, registry.recordings))


def explain_obstacle(
    stored: StoredRecording, registry: RunRegistry, create_client: CreateClient
) -> Remark | None:
    """Return why a live recording surely has to go on, ``None`` where that is not known.

    The arguments are those of :func:`require_successor`.
    """
    meeting = find_new_meeting(stored, registry)
    if meeting is not None:
        found = look_up_meeting(meeting, create_client(meeting), registry.meetings)
        if is_surely_missing(meeting, stored, found):
            return explain_missing_meeting(meeting, stored, found)
    adoption = find_new_adoption(stored, registry)
    if adoption is not None:
        answer = look_up_adoption(adoption, create_client(adoption.meeting), registry.recordings)
        if isinstance(answer, AdoptionError):
            return explain_refused_adoption(stored, answer)
    return None
