"""Why the API rejected a start: a recording that runs already, an empty meeting, or the request."""

from __future__ import annotations

from realtimekit_provider.api.models.status import get_phase
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import (
    CallInfo,
    EngineGoneError,
    NoSessionError,
    NotFoundError,
    RequestRejectedError,
)
from realtimekit_provider.recordings.find import find_conflicting, wait_until_inactive
from realtimekit_provider.recordings.inputs import RecordingInputs

__all__ = ["require_engine_alive", "resolve_missing_session", "resolve_rejected_start"]

_FIELDS_OF_ONE_TRACK_API = (
    "media_kind",
    "outputs",
    "storage_config",
    "max_seconds",
    "user_ids",
)

_NOT_REJECTED = CallInfo("GET", "/meetings")
_Rejection = RequestRejectedError | NotFoundError


def resolve_rejected_start(rejection: _Rejection, inputs: RecordingInputs, ports: Ports) -> bool:
    """Find out why the API rejected a start, and wait where that helps.

    Returns:
        Whether the start is to be tried again; otherwise nothing is to be started.

    Raises:
        NoSessionError: Nobody is in the meeting, and ``on_no_session`` is ``fail``, or
            ``wait`` and ``session_timeout`` is over.
        WaitTimeoutError: A stopped recording is still the meeting's active one.
        EngineGoneError: The deployment ended during the wait for somebody to join.
        CallError: The API rejects the request itself, or cannot be reached.
    """
    active = ports.recordings.get_active(inputs.meeting_id)
    if active is not None:
        if not get_phase(active.status).is_live:
            wait_until_inactive(active.id, inputs, ports)
        return True
    if not ports.recordings.has_session(inputs.meeting_id):
        return resolve_missing_session(inputs, ports, rejection.info)
    if find_conflicting(rejection, inputs, ports):
        return True
    raise type(rejection)(_explain_rejection(rejection), rejection.info)


def require_engine_alive(ports: Ports) -> None:
    """Make sure that the deployment that asked for a recording still runs.

    Raises:
        EngineGoneError: It does not, so nobody would store the recording.
    """
    if not ports.reporter.is_engine_alive():
        raise EngineGoneError(
            "the deployment that asked for this recording has ended, so it was not started"
        )


def resolve_missing_session(
    inputs: RecordingInputs, ports: Ports, info: CallInfo = _NOT_REJECTED
) -> bool:
    """Do what ``on_no_session`` says where nobody is in the meeting.

    Args:
        inputs: The recording that is to be started.
        ports: What an operation works with.
        info: The start that was rejected, if one was made.

    Returns:
        Whether the start is to be tried again; otherwise nothing is to be started.

    Raises:
        NotFoundError: There is no such meeting.
        NoSessionError: Nobody is in the meeting, and ``on_no_session`` is ``fail``, or
            ``wait`` and ``session_timeout`` is over.
        EngineGoneError: The deployment ended during the wait for somebody to join.
        CallError: The API refuses, or cannot be reached.
    """
    meeting = inputs.meeting_id
    if not ports.recordings.has_meeting(meeting):
        raise NotFoundError(
            f"app {inputs.app_id} has no meeting {meeting}: fix meeting_id or app_id",
            info,
        )
    if inputs.on_no_session == "skip":
        ports.reporter.notice(
            f"nothing is started: nobody is in meeting {meeting}, and on_no_session is 'skip'. "
            "The next deployment tries again"
        )
        return False
    if inputs.on_no_session == "wait":
        return _wait_for_session(inputs, ports)
    raise NoSessionError(
        f"nobody is in meeting {meeting}, so there is nothing to record. Deploy again when "
        "somebody is in it, or set on_no_session to 'wait' or 'skip'"
    )


def _wait_for_session(inputs: RecordingInputs, ports: Ports) -> bool:
    """Return whether somebody came; otherwise others are to be started before it may wait."""
    meeting, timeout, urn = inputs.meeting_id, inputs.session_timeout, inputs.resource_urn
    waits = ports.registry.waits

    def has_session() -> bool | None:
        require_engine_alive(ports)
        if not waits.may_wait(urn, ports.max_operations):
            return False
        return ports.recordings.has_session(meeting) or None

    try:
        answer = poll_until(ports, f"nobody is in meeting {meeting}", timeout, has_session)
    finally:
        waits.end_wait(urn)
    if answer is None:
        raise NoSessionError(
            f"nobody joined meeting {meeting} within the {timeout:.0f} s of session_timeout, so "
            "there is nothing to record. Deploy again when somebody is in it, or set "
            "on_no_session to 'skip'"
        )
    if not answer:
        ports.reporter.notice(
            f"nothing is started: nobody is in meeting {meeting}, and waiting for somebody would "
            "hold up recordings that are yet to be started. The next deployment tries again"
        )
    return answer


def _explain_rejection(rejection: _Rejection) -> str:
    message = rejection.info.message
    if not any(field in message for field in _FIELDS_OF_ONE_TRACK_API):
        return rejection.summary
    return (
        f"{rejection.summary}. This account's API may expect another request body: try 'pulumi "
        "config set realtimekit:trackApi managed' (or 'outputs', the default)"
    )
