"""Starting a recording: never doubled, never orphaned.

There is no idempotency key, and an engine that was killed calls ``create`` again. So the
meeting is asked before every POST, an unclear answer is followed by questions and not by
another POST, and a recording is only taken over on proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import NO_SESSION, NOT_STARTED, get_phase
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import (
    EngineGoneError,
    NoSessionError,
    NotFoundError,
    OutcomeUnknownError,
    RealtimeKitError,
    RequestRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.actions import reconcile
from realtimekit_provider.recordings.adopt import find_adoptable, resolve_conflict
from realtimekit_provider.recordings.find import (
    find_active,
    find_after_lost_response,
    find_conflicting,
    wait_until_inactive,
)
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.outputs import (
    outputs_from_recording,
    outputs_without_recording,
    storage_applied,
)

__all__ = ["CreatedRecording", "create_recording", "is_placeholder"]

_MOST_ROUNDS = 4
_FIELDS_THAT_APIS_DISAGREE_ON = (
    "media_kind",
    "outputs",
    "storage_config",
    "max_seconds",
    "user_ids",
)
_PLACEHOLDER = "nothing-started-"


@dataclass(frozen=True)
class CreatedRecording:
    """What became of a start: the resource's id, and what state keeps of it."""

    recording_id: str
    facts: dict[str, Any]


def is_placeholder(recording_id: str) -> bool:
    """Whether the id stands for a recording that was never started."""
    return recording_id.startswith(_PLACEHOLDER)


def create_recording(inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    """Bring about the recording that ``inputs`` describe.

    Costs two calls where nothing is odd: the question and the POST. After a POST that
    succeeded nothing raises; what goes wrong then is a warning and an output.

    Raises:
        NoSessionError: Nobody is in the meeting, and ``on_no_session`` is ``fail``, or
            ``wait`` and ``session_timeout`` is over.
        ConflictError: The meeting has an active recording that is not provably ours, and
            ``on_conflict`` does not allow for it.
        AdoptionError: ``adopt_recording_id`` names no active recording of the meeting, and
            no ended one that ``on_ended`` lets another follow.
        WaitTimeoutError: A stopped recording still counts as the meeting's active one.
        EngineGoneError: The deployment is no longer there.
        CallError: The API refuses, or cannot be reached.
    """
    if inputs.desired_state == "STOPPED":
        ports.reporter.notice("nothing is started: desired_state is 'STOPPED'")
        return _nothing_started(inputs, NOT_STARTED)
    adopted = inputs.adopt_recording_id
    if adopted is not None and not ports.registry.recordings.is_stopped(adopted):
        found = find_adoptable(adopted, inputs, ports)
        if found is not None:
            return _finish_create(found, inputs, ports)
    return _started_or_taken_over(inputs, ports)


def _started_or_taken_over(inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    lost: OutcomeUnknownError | None = None
    for _ in range(_MOST_ROUNDS):
        active = find_active(inputs, ports)
        if active is not None:
            mine = resolve_conflict(active, inputs, ports)
            if mine is not None:
                return _finish_create(mine, inputs, ports)
        _require_engine_alive(ports)
        asked_at = ports.recordings.get_server_time()
        try:
            recording = ports.recordings.start(inputs.request, ports.track_api)
            return _finish_create(recording, inputs, ports)
        except OutcomeUnknownError as error:
            lost = error
            found = find_after_lost_response(asked_at, inputs, ports)
            if found is not None:
                return _finish_create(found, inputs, ports)
        except (RequestRejectedError, NotFoundError) as refusal:
            if not _may_be_tried_again(refusal, inputs, ports):
                return _nothing_started(inputs, NO_SESSION)
    if lost is not None:
        raise _still_open(lost, inputs, ports)
    raise WaitTimeoutError(
        f"meeting {inputs.meeting_id} could not be recorded after {_MOST_ROUNDS} tries, because "
        "its recordings and its people kept changing. Deploy again"
    )


def _still_open(
    lost: OutcomeUnknownError, inputs: RecordingInputs, ports: Ports
) -> OutcomeUnknownError:
    return OutcomeUnknownError(
        f"{lost.summary}. No recording of meeting {inputs.meeting_id} showed up within "
        f"{ports.timing.visible_after_start:.0f} s of any of {_MOST_ROUNDS} tries; should one "
        "run all the same, the next deployment finds it",
        lost.info,
    )


def _may_be_tried_again(
    refusal: RequestRejectedError | NotFoundError, inputs: RecordingInputs, ports: Ports
) -> bool:
    """Find out why the POST was refused; ``False`` means that nothing is to be started."""
    active = ports.recordings.get_active(inputs.meeting_id)
    if active is not None:
        if not get_phase(active.status).is_live:
            wait_until_inactive(active.id, inputs, ports)
        return True
    if not ports.recordings.has_session(inputs.meeting_id):
        return _session_begins(refusal, inputs, ports)
    if find_conflicting(refusal, inputs, ports):
        return True
    raise _explained(refusal)


def _session_begins(
    refusal: RequestRejectedError | NotFoundError, inputs: RecordingInputs, ports: Ports
) -> bool:
    meeting = inputs.meeting_id
    if not ports.recordings.has_meeting(meeting):
        raise NotFoundError(
            f"app {inputs.app_id} has no meeting {meeting}: mend meeting_id or app_id",
            refusal.info,
        )
    if inputs.on_no_session == "skip":
        ports.reporter.notice(
            f"nothing is started: nobody is in meeting {meeting}, and on_no_session is 'skip'. "
            "The next deployment tries again"
        )
        return False
    if inputs.on_no_session == "wait":

        def somebody_came() -> bool | None:
            _require_engine_alive(ports)
            return ports.recordings.has_session(meeting) or None

        what = f"somebody to join meeting {meeting}"
        if poll_until(ports, what, inputs.session_timeout, somebody_came):
            return True
        raise NoSessionError(
            f"nobody joined meeting {meeting} within the {inputs.session_timeout:.0f} s of "
            "session_timeout, so there is nothing to record. Deploy again when somebody is in it, "
            "or set on_no_session to 'skip'"
        )
    raise NoSessionError(
        f"nobody is in meeting {meeting}, so there is nothing to record. Deploy again when "
        "somebody is, or set on_no_session to 'wait' or 'skip'"
    )


def _explained(
    refusal: RequestRejectedError | NotFoundError,
) -> RequestRejectedError | NotFoundError:
    said = refusal.info.message
    sentence = refusal.summary
    if any(field in said for field in _FIELDS_THAT_APIS_DISAGREE_ON):
        sentence += (
            ". This account's API takes another body: try 'pulumi config set "
            "realtimekit:trackApi managed' (or 'outputs', the default)"
        )
    return type(refusal)(sentence, refusal.info)


def _require_engine_alive(ports: Ports) -> None:
    if not ports.reporter.is_engine_alive():
        raise EngineGoneError(
            "the deployment that asked for this recording is gone, so it was not started"
        )


def _finish_create(recording: Recording, inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    """The recording exists and is this resource's: from here on nothing raises."""
    ports.registry.recordings.register_owner(recording.id, inputs.mark)
    applied = storage_applied(inputs.request, recording.storage_config)
    warning = ""
    if applied == "no":
        warning = (
            f"recording {recording.id} is not written to the storage that was asked for: the API "
            "reports another one. Files in Cloudflare's own bucket vanish after seven days"
        )
    now = recording
    try:
        now = reconcile(recording, inputs.desired_state, ports, is_fresh=True)
    except RealtimeKitError as error:
        warning = f"recording {recording.id} runs, but is not {inputs.desired_state}: {error}"
    if warning:
        ports.reporter.warning(warning)
    return CreatedRecording(
        recording.id, outputs_from_recording(now, applied=applied, warning=warning)
    )


def _nothing_started(inputs: RecordingInputs, status: str) -> CreatedRecording:
    return CreatedRecording(f"{_PLACEHOLDER}{inputs.mark}", outputs_without_recording(status))
