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
from realtimekit_provider.deployment.polling import poll_until
from realtimekit_provider.deployment.ports import Ports
from realtimekit_provider.errors import (
    NotFoundError,
    OutcomeUnknownError,
    RequestRejectedError,
    WaitTimeoutError,
)
from realtimekit_provider.recordings.plan import Step, next_step

__all__ = ["reconcile", "stop", "wait_for_upload"]

_LEADS_TO: dict[Action, tuple[Phase, str]] = {
    "pause": (Phase.PAUSED, "PAUSED"),
    "resume": (Phase.RECORDING, "RECORDING"),
    "stop": (Phase.ENDED, "UPLOADING"),
}


def reconcile(
    recording: Recording, desired: DesiredState, ports: Ports, *, is_fresh: bool
) -> Recording:
    """Lead an existing recording to the desired state, and return what is true then.

    A recording that turns out to be gone or ended is no error: that is said in one sentence,
    and ``on_ended`` decides at the next deployment.

    Args:
        recording: The recording as it was known last.
        desired: What it is to be led to.
        ports: What an operation has at hand.
        is_fresh: Whether the API said so just now. One that only the state calls INVOKED will
            have begun meanwhile: it is paused at once, and waited for only if that is too early.

    Raises:
        WaitTimeoutError: It did not leave INVOKED in time, so that it cannot be paused yet.
        CallError: The API refuses, or cannot be reached.
    """
    step = next_step(desired, recording.status)
    if step is Step.WAIT_THEN_PAUSE:
        return _act(
            _wait_until_started(recording, ports) if is_fresh else recording, "pause", ports
        )
    if step is Step.PAUSE:
        return _act(recording, "pause", ports)
    if step is Step.RESUME:
        return _act(recording, "resume", ports)
    if step is Step.STOP:
        return stop(recording, ports)
    return recording


def stop(recording: Recording, ports: Ports) -> Recording:
    """Stop a recording that is, as far as known, live; being stopped already is success."""
    _wait_out_the_shortest(recording, ports)
    ports.registry.recordings.register_stopped(recording.id)
    return _act(recording, "stop", ports)


def wait_for_upload(recording_id: str, longest: float, ports: Ports) -> str | None:
    """Wait until the recording's files have landed; ``None`` where they have not in time."""

    def landed() -> str | None:
        try:
            status = ports.recordings.get(recording_id).status
        except NotFoundError:
            return GONE
        return status if status in FINAL_STATUSES else None

    return poll_until(ports, f"the upload of recording {recording_id}", longest, landed)


def _act(recording: Recording, action: Action, ports: Ports) -> Recording:
    phase, status = _LEADS_TO[action]
    try:
        said = ports.recordings.send_action(recording.id, action)
    except (RequestRejectedError, NotFoundError, OutcomeUnknownError) as error:
        return _resolve_failed_action(recording, action, error, ports)
    said = said or recording
    consistent = get_phase(said.status) is phase
    return said if consistent else said.model_copy(update={"status": status})


def _resolve_failed_action(
    recording: Recording,
    action: Action,
    error: RequestRejectedError | NotFoundError | OutcomeUnknownError,
    ports: Ports,
) -> Recording:
    """Decide by a question what a refusal or a lost answer meant."""
    try:
        now = ports.recordings.get(recording.id)
    except NotFoundError:
        now = recording.model_copy(update={"status": GONE})
    phase = get_phase(now.status)
    if phase is _LEADS_TO[action][0]:
        return now
    if phase is Phase.INVOKED and action == "pause":
        return _act(_wait_until_started(now, ports), action, ports)
    if phase is Phase.RECORDING and action == "pause" and _was_invoked(recording):
        # It began between the pause and the question.
        return _act(now, action, ports)
    if phase is Phase.ENDED:
        ports.reporter.warning(
            f"recording {recording.id} could not be {_DONE[action]}: it "
            + ("is no longer known to the API" if now.status == GONE else f"ended ({now.status})")
            + ". The next deployment follows on_ended"
        )
        return now
    said = f": {error.info.message}" if error.info.message else ""
    raise type(error)(
        f"recording {recording.id} is {now.status} and could not be {_DONE[action]}{said}. "
        "Deploy again",
        error.info,
    )


def _was_invoked(recording: Recording) -> bool:
    return get_phase(recording.status) is Phase.INVOKED


_DONE: dict[Action, str] = {"pause": "paused", "resume": "resumed", "stop": "stopped"}


def _wait_until_started(recording: Recording, ports: Ports) -> Recording:
    def begun() -> Recording | None:
        try:
            now = ports.recordings.get(recording.id)
        except NotFoundError:  # what was started a moment ago may not be listed yet
            return None
        return None if get_phase(now.status) is Phase.INVOKED else now

    found = poll_until(
        ports,
        f"recording {recording.id} to begin, so that it can be paused",
        ports.timing.running_after_start,
        begun,
    )
    if found is None:
        raise WaitTimeoutError(
            f"recording {recording.id} is still INVOKED after "
            f"{ports.timing.running_after_start:.0f} s, so it could not be paused yet; it "
            "is being recorded. Deploy again to pause it"
        )
    return found


def _wait_out_the_shortest(recording: Recording, ports: Ports) -> None:
    """Let it reach the length under which it may be lost.

    The answer to a start cannot tell when the recording begins, and asking would cost a call
    each: beginning is given as long again.
    """
    began = parse_time(recording.started_time)
    longest = ports.timing.minimum_length * (1 if began else 2)
    began = began or parse_time(recording.invoked_time)
    if began is None:
        return
    age = (ports.recordings.get_server_time() - began).total_seconds()
    rest = min(longest, longest - age)
    if rest > 0:
        ports.reporter.progress(
            f"letting recording {recording.id} reach {ports.timing.minimum_length:.0f} s before "
            "it is stopped: a shorter one may be lost"
        )
        ports.clock.sleep(rest)
