"""Whether somebody is in a meeting, and whether it exists: asked before anything is done for it."""

from __future__ import annotations

from realtimekit_provider.deployment.meeting_registry import (
    MeetingAnswer,
    MeetingKey,
    MeetingRegistry,
)
from realtimekit_provider.deployment.ports import Recordings
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.errors import (
    CallError,
    MeetingNotFoundError,
    RealtimeKitError,
    TokenRejectedError,
)
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = [
    "find_new_meeting",
    "find_session",
    "has_no_session",
    "is_surely_missing",
    "look_up_meeting",
    "require_meeting",
]


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
    wanted = registry.recordings.find_wanted_meeting(stored.inputs.mark)
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
            f"recording {stored.id} was not stopped: it keeps running. {answer.summary}",
            answer.info,
        ) from answer
    if not answer:
        raise MeetingNotFoundError(
            f"app {meeting.app_id} has no meeting {meeting.meeting_id}, so recording {stored.id} "
            "was not stopped: it keeps running. Fix meeting_id, app_id or account_id, and deploy "
            "again"
        )
