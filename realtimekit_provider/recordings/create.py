"""Starting a recording: never doubled, never orphaned.

There is no idempotency key, and an engine that was killed calls ``create`` again. So the API is
asked for the meeting's active recording before every POST, an unclear response is followed by
questions and not by another POST, and a recording is only adopted on proof.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from realtimekit_provider.api.models.recording import Recording, merge_recordings
from realtimekit_provider.api.models.status import (
    FINAL_STATUSES,
    GONE,
    NO_SESSION,
    NOT_STARTED,
    Phase,
    get_phase,
)
from realtimekit_provider.deployment.lost_files import may_lack_files, warn_of_lost_files
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import (
    CallError,
    NotFoundError,
    OutcomeUnknownError,
    RealtimeKitError,
    RequestRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.actions import reconcile, wait_until_recording
from realtimekit_provider.recordings.adopt import find_adoptable, resolve_conflict
from realtimekit_provider.recordings.find import find_active, find_after_lost_response
from realtimekit_provider.recordings.inputs import RecordingInputs
from realtimekit_provider.recordings.meetings import has_no_session
from realtimekit_provider.recordings.outputs import (
    PreviousRecording,
    RecordingOutputs,
    compare_storage,
    outputs_from_recording,
)
from realtimekit_provider.recordings.plan import Step, get_step
from realtimekit_provider.recordings.rejection import (
    require_engine_alive,
    resolve_missing_session,
    resolve_rejected_start,
)
from realtimekit_provider.recordings.stored import make_placeholder_id

__all__ = ["CreatedRecording", "create_recording"]

_MAX_ATTEMPTS = 4


@dataclass(frozen=True)
class CreatedRecording:
    """The result of a start.

    Attributes:
        recording_id: The resource's id: the recording's, or a placeholder where none started.
        outputs: What the state keeps of it.
    """

    recording_id: str
    outputs: RecordingOutputs


def create_recording(inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    """Start the recording that ``inputs`` describe, or adopt it where it runs already.

    Costs two calls in the usual case: one for the active recording, and the POST; one more where
    it replaces a recording that had not been uploaded, which is asked what it has become. After a
    POST that succeeded nothing raises; what goes wrong then is a warning and an output.

    Raises:
        NoSessionError: Nobody is in the meeting, and ``on_no_session`` is ``fail``, or
            ``wait`` and ``session_timeout`` is over.
        ConflictError: The meeting has an active recording that is not provably ours, and
            ``on_conflict`` does not allow for it.
        AdoptionError: ``adopt_recording_id`` names no active recording of the meeting, and
            no ended one that ``on_ended`` lets another follow.
        WaitTimeoutError: A stopped recording is still the meeting's active one.
        EngineGoneError: The deployment is no longer there.
        CallError: The API refuses, or cannot be reached.
    """
    previous = _read_previous(inputs, ports)
    created = _create_recording(inputs, ports)
    ports.registry.meetings.register_deployed(inputs.resource_urn)
    if previous is None or previous.id == created.recording_id:
        return created
    if created.outputs.status not in {NOT_STARTED, NO_SESSION}:
        ports.reporter.notice(f"replaces recording {previous.id}: {previous.describe()}")
    return replace(created, outputs=replace(created.outputs, previous=previous))


def _create_recording(inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    if get_step(inputs.desired_state, NOT_STARTED) is Step.NOTHING:
        ports.reporter.notice("nothing is started: desired_state is 'STOPPED'")
        return _create_placeholder(inputs, NOT_STARTED)
    adopted = inputs.adopt_recording_id
    if adopted is not None and not ports.registry.recordings.is_stopped(adopted):
        found = find_adoptable(adopted, inputs, ports)
        if found is not None:
            return _finish_create(found, inputs, ports)
    if inputs.on_no_session == "skip" and has_no_session(inputs.meeting_id, ports.recordings):
        resolve_missing_session(inputs, ports)
        return _create_placeholder(inputs, NO_SESSION)
    return _start_or_adopt(inputs, ports)


def _start_or_adopt(inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    lost: OutcomeUnknownError | None = None
    for _ in range(_MAX_ATTEMPTS):
        active = find_active(inputs, ports)
        if active is not None:
            adopted = resolve_conflict(active, inputs, ports)
            if adopted is not None:
                return _finish_create(adopted, inputs, ports)
        require_engine_alive(ports)
        asked_at = ports.recordings.get_server_time()
        try:
            recording = ports.recordings.start(inputs.request, ports.track_api)
            return _finish_create(recording, inputs, ports)
        except OutcomeUnknownError as error:
            lost = error
            found = find_after_lost_response(asked_at, inputs, ports)
            if found is not None:
                return _finish_create(found, inputs, ports)
        except (RequestRejectedError, NotFoundError) as rejection:
            if not resolve_rejected_start(rejection, inputs, ports):
                return _create_placeholder(inputs, NO_SESSION)
    if lost is not None:
        raise OutcomeUnknownError(
            f"{lost.summary}. No recording of meeting {inputs.meeting_id} became visible within "
            f"{ports.timing.visible_after_start:.0f} s of any of {_MAX_ATTEMPTS} attempts. If one "
            "was started anyway, the next deployment finds it",
            lost.info,
        )
    raise WaitTimeoutError(
        f"meeting {inputs.meeting_id} could not be recorded in {_MAX_ATTEMPTS} attempts, because "
        "its recordings and participants kept changing. Deploy again"
    )


def _finish_create(recording: Recording, inputs: RecordingInputs, ports: Ports) -> CreatedRecording:
    # The recording exists and is this resource's: from here on nothing raises.
    ports.registry.recordings.register_owner(recording.id, inputs.mark)
    storage_applied = compare_storage(inputs.request, recording.storage_config)
    warning = ""
    if storage_applied == "no":
        warning = (
            f"recording {recording.id} is not written to the storage that was asked for: the API "
            "reports another one. Files in Cloudflare's own bucket are deleted after seven days"
        )
    current = recording
    try:
        current = reconcile(recording, inputs.desired_state, ports, is_fresh=True)
        if inputs.wait_for_recording and get_phase(current.status) is Phase.INVOKED:
            current = _wait_until_recording(current, inputs.wait_for_recording, ports)
            if get_phase(current.status) is Phase.ENDED:
                warning = f"recording {current.id} was started, and ended ({current.status})"
    except RealtimeKitError as error:
        warning = f"recording {recording.id} runs, but is not {inputs.desired_state}: {error}"
    if warning:
        ports.reporter.warning(warning)
    outputs = outputs_from_recording(current, storage_applied=storage_applied, warning=warning)
    return CreatedRecording(recording.id, outputs)


def _wait_until_recording(recording: Recording, timeout: float, ports: Ports) -> Recording:
    reason = f"recording {recording.id} is INVOKED, and does not record yet"
    found = wait_until_recording(recording, timeout, reason, ports)
    if found is None:
        raise WaitTimeoutError(
            f"it is still INVOKED after the {timeout:.0f} s of wait_for_recording; a refresh shows "
            "whether it records by now"
        )
    return found


def _create_placeholder(inputs: RecordingInputs, status: str) -> CreatedRecording:
    return CreatedRecording(make_placeholder_id(inputs.mark), RecordingOutputs(status))


def _read_previous(inputs: RecordingInputs, ports: Ports) -> PreviousRecording | None:
    last = ports.registry.recordings.find_last(inputs.resource_urn)
    if last is None:
        return None
    recording = last.recording
    is_known = recording.status in {*FINAL_STATUSES, GONE}
    if not is_known and last.app == (inputs.account_id, inputs.app_id):
        recording = _read_again(recording, ports)
        if may_lack_files(recording.status):
            warn_of_lost_files(recording, ports, has_own_storage=last.has_own_storage)
    return PreviousRecording.from_recording(recording)


def _read_again(recording: Recording, ports: Ports) -> Recording:
    try:
        current = ports.recordings.get(recording.id)
    except NotFoundError:
        return recording.model_copy(update={"status": GONE})
    except CallError:  # it is not what the deployment is about: what was known of it is kept
        return recording
    return merge_recordings(recording, current)
