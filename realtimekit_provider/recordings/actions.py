"""Pause, resume and stop: idempotent, and clear about a recording that is no longer there."""

from __future__ import annotations

from realtimekit_provider.api.models.recording import Action, Recording, parse_time
from realtimekit_provider.api.models.status import (
    FINAL_STATUSES,
    GONE,
    DesiredState,
    Phase,
    get_phase,
)
from realtimekit_provider.deployment.lost_files import (
    describe_lost_files,
    may_lack_files,
    warn_of_lost_files,
)
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.deployment.progress import describe_wait
from realtimekit_provider.errors import (
    NotFoundError,
    OutcomeUnknownError,
    RequestRejectedError,
    UploadFailedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.plan import Step, get_step
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = [
    "apply_step",
    "reconcile",
    "register_targets",
    "require_files",
    "stop_recording",
    "wait_for_upload",
    "wait_until_recording",
    "warn_of_missing_files",
]

_RESULTS: dict[Action, tuple[Phase, str]] = {
    "pause": (Phase.PAUSED, "PAUSED"),
    "resume": (Phase.RECORDING, "RECORDING"),
    "stop": (Phase.ENDED, "UPLOADING"),
}
_PARTICIPLES: dict[Action, str] = {"pause": "paused", "resume": "resumed", "stop": "stopped"}


def reconcile(
    recording: Recording, desired: DesiredState, ports: Ports, *, is_fresh: bool
) -> Recording:
    """Bring a recording to the desired state by the step that its status asks for.

    For one that was started or taken over just now, so that no plan could know its status.
    Otherwise it is :func:`apply_step`.
    """
    return apply_step(get_step(desired, recording.status), recording, ports, is_fresh=is_fresh)


def apply_step(step: Step, recording: Recording, ports: Ports, *, is_fresh: bool) -> Recording:
    """Do a step to an existing recording, and return the recording as it is then.

    A recording that turns out to be gone or ended is no error: a warning says so, and
    ``on_ended`` decides at the next deployment.

    Args:
        step: What is to be done; a step that is none for an existing recording does nothing.
        recording: The recording as it was known last.
        ports: What an operation works with.
        is_fresh: Whether the API returned it just now. One that only the state calls INVOKED
            will be recording by now: it is paused at once, and waited for only if that is too
            early.

    Returns:
        The very same recording where there was nothing to do.

    Raises:
        WaitTimeoutError: It did not leave INVOKED in time, so it cannot be paused yet.
        CallError: The API refuses, or cannot be reached.
    """
    if step is Step.WAIT_THEN_PAUSE:
        pausable = _wait_until_started(recording, ports) if is_fresh else recording
        return _send_action(pausable, "pause", ports)
    if step is Step.PAUSE:
        return _send_action(recording, "pause", ports)
    if step is Step.RESUME:
        return _send_action(recording, "resume", ports)
    if step is Step.STOP:
        return stop_recording(recording, ports)
    return recording


def stop_recording(recording: Recording, ports: Ports) -> Recording:
    """Stop a recording that is, as far as known, live; being stopped already is success.

    Raises:
        CallError: The API refuses although the recording is live, or cannot be reached.
    """
    _wait_for_minimum_length(recording, ports)
    ports.registry.recordings.register_stopped(recording.id)
    return _send_action(recording, "stop", ports)


def wait_for_upload(stopped: Recording, timeout: float, ports: Ports) -> Recording | None:
    """Wait until the upload of a recording's files has ended.

    Args:
        stopped: The recording, which was stopped.
        timeout: Seconds to wait at most.
        ports: What an operation works with.

    Returns:
        The recording then, ``UPLOADED``, ``ERRORED`` or ``GONE``; ``None`` where it did not end
        in time.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """

    def get_finished() -> Recording | None:
        try:
            current = ports.recordings.get(stopped.id)
        except NotFoundError:
            return stopped.model_copy(update={"status": GONE})
        return current if current.status in FINAL_STATUSES else None

    reason = f"recording {stopped.id} uploads its files"
    return poll_until(ports, reason, timeout, get_finished)


def warn_of_missing_files(recording: Recording, stored: StoredRecording, ports: Ports) -> str:
    """Warn where a recording turns out to have ended without its files.

    Args:
        recording: The recording as it is now.
        stored: The recording as it was known; where its files were missing then, nothing is new.
        ports: What an operation works with.

    Returns:
        The warning, empty where there is none.
    """
    if not may_lack_files(recording.status) or recording.status == stored.status:
        return ""
    has_own_storage = bool(stored.inputs.targets)
    return warn_of_lost_files(recording, ports, has_own_storage=has_own_storage)


def require_files(finished: Recording, stored: StoredRecording) -> None:
    """Make sure that the files of a recording, whose upload was waited for, were not lost.

    Raises:
        UploadFailedError: It ended ERRORED.
    """
    if finished.status == "ERRORED":
        lost = describe_lost_files(finished, has_own_storage=bool(stored.inputs.targets))
        raise UploadFailedError(
            f"{lost}. The deployment fails, because wait_for_upload is set. Run 'pulumi refresh' "
            "to store what became of the recording, and deploy again"
        )


def register_targets(stored: StoredRecording, ports: Ports) -> None:
    """Let the gates of this deployment wait for a recording, whichever app it belongs to.

    Raises:
        SettingsError: The state does not say which app that is.
    """
    ports.registry.recordings.register_targets(stored.id, stored.get_app(), stored.inputs.targets)


def _send_action(recording: Recording, action: Action, ports: Ports) -> Recording:
    phase, status = _RESULTS[action]
    try:
        answer = ports.recordings.send_action(recording.id, action)
    except (RequestRejectedError, NotFoundError, OutcomeUnknownError) as error:
        return _resolve_failed_action(recording, action, error, ports)
    answer = answer or recording
    is_done = get_phase(answer.status) is phase
    return answer if is_done else answer.model_copy(update={"status": status})


def _resolve_failed_action(
    recording: Recording,
    action: Action,
    error: RequestRejectedError | NotFoundError | OutcomeUnknownError,
    ports: Ports,
) -> Recording:
    try:
        current = ports.recordings.get(recording.id)
    except NotFoundError:
        current = recording.model_copy(update={"status": GONE})
    phase = get_phase(current.status)
    if phase is _RESULTS[action][0]:
        return current
    if phase is Phase.INVOKED and action == "pause":
        return _send_action(_wait_until_started(current, ports), action, ports)
    was_invoked = get_phase(recording.status) is Phase.INVOKED
    if phase is Phase.RECORDING and action == "pause" and was_invoked:
        # It left INVOKED between the pause and the question.
        return _send_action(current, action, ports)
    could_not = f"could not be {_PARTICIPLES[action]}"
    if phase is Phase.ENDED:
        is_gone = current.status == GONE
        reason = "is no longer known to the API" if is_gone else f"ended ({current.status})"
        ports.reporter.warning(
            f"recording {recording.id} {could_not}: it {reason}. The next deployment follows "
            "on_ended"
        )
        return current
    message = f": {error.info.message}" if error.info.message else ""
    raise type(error)(
        f"recording {recording.id} is {current.status} and {could_not}{message}. Deploy again",
        error.info,
    )


def wait_until_recording(
    recording: Recording, timeout: float, reason: str, ports: Ports
) -> Recording | None:
    """Wait until a started recording has left INVOKED, and return it as it is then.

    Args:
        recording: The recording, which was started a moment ago.
        timeout: Seconds to wait at most.
        reason: What the row says meanwhile.
        ports: What an operation works with.

    Returns:
        The recording; ``None`` where it is still INVOKED after that time.

    Raises:
        CallError: The API refuses, or cannot be reached.
    """

    def get_started() -> Recording | None:
        try:
            current = ports.recordings.get(recording.id)
        except NotFoundError:  # what was started a moment ago may not be listed yet
            return None
        return None if get_phase(current.status) is Phase.INVOKED else current

    return poll_until(ports, reason, timeout, get_started)


def _wait_until_started(recording: Recording, ports: Ports) -> Recording:
    timeout = ports.timing.running_after_start
    reason = f"recording {recording.id} is INVOKED, and can be paused once it records"
    started = wait_until_recording(recording, timeout, reason, ports)
    if started is None:
        raise WaitTimeoutError(
            f"recording {recording.id} is still INVOKED after {timeout:.0f} s, so it could not be "
            "paused yet; it keeps running. Deploy again to pause it"
        )
    return started


def _wait_for_minimum_length(recording: Recording, ports: Ports) -> None:
    # The answer to a start does not say when the recording begins, and asking would cost a call
    # for each recording: beginning is given as long again.
    minimum = ports.timing.minimum_length
    began = parse_time(recording.started_time)
    longest = minimum * (1 if began else 2)
    began = began or parse_time(recording.invoked_time)
    if began is None:
        return
    age = (ports.recordings.get_server_time() - began).total_seconds()
    remaining = min(longest, longest - age)
    if remaining > 0:
        reason = (
            f"recording {recording.id} is to be {minimum:.0f} s long before it is stopped, since a "
            "shorter one may be lost"
        )
        ports.reporter.progress(describe_wait(0, remaining, reason))
        ports.clock.sleep(remaining)
