"""How a recording of a state is not as it was left, and what brings it back: pure."""

from __future__ import annotations

from collections.abc import Mapping

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import DesiredState, Phase, get_phase
from realtimekit_provider.cli.changes.endings import Ending, find_ending
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.cli.pulumi_cli.states import StateRecording

__all__ = ["describe_deviation", "explain_deviation", "explain_ending", "find_new_ending"]

_CORRECTIONS: Mapping[DesiredState, str] = {
    "RECORDING": "resumes it",
    "PAUSED": "pauses it",
    "STOPPED": "stops it",
}
_EVERYBODY_LEFT, _BY_CALL = "ALL_PEERS_LEFT", "API_CALL"


def find_new_ending(held: StateRecording, now: Recording) -> Ending | None:
    """Return that a recording has ended while its state has it as live, else ``None``.

    Args:
        held: What the state says.
        now: What the API says.
    """
    longest = held.stored.inputs.values.get("max_seconds")
    current = {**now.model_dump(), "max_seconds": longest}
    return find_ending(held.urn, held.stored.status, current)


def describe_deviation(held: StateRecording, now: Recording, desired: DesiredState) -> str:
    """Return how a recording differs from its ``desired_state``, empty where it does not.

    One that has ended differs where somebody stopped it since the last deployment; what becomes of
    one that has ended by itself, ``on_ended`` decides.

    Args:
        held: What the state says.
        now: What the API says.
        desired: What is declared.
    """
    phase = get_phase(now.status)
    if _is_stopped_outside(held, now) and desired != "STOPPED":
        return f"it was stopped outside of this stack, and is declared {desired}"
    if not phase.is_live or _is_as_desired(phase, desired):
        return ""
    if _is_changed_outside(held, desired):
        action = "paused" if phase is Phase.PAUSED else "resumed"
        return f"it was {action} outside of this stack, and is declared {desired}"
    return f"it is {now.status}, and declared {desired}"


def explain_deviation(deviation: str, desired: DesiredState, stack: str) -> str:
    """Return how a live recording differs from its ``desired_state``, and what corrects it.

    Args:
        deviation: What :func:`describe_deviation` returns.
        desired: What is declared.
        stack: The stack's name.
    """
    deployment = f"'{format_command('up --refresh', stack)}'"
    return f"{deviation[0].upper()}{deviation[1:]}: {deployment} {_CORRECTIONS[desired]}"


def explain_ending(held: StateRecording, now: Recording, desired: DesiredState, stack: str) -> str:
    """Return why a recording has ended and what starts another one, empty where that is plain.

    Args:
        held: What the state says.
        now: What the API says.
        desired: What is declared.
        stack: The stack's name.
    """
    is_lost = now.status == "ERRORED"
    if desired == "STOPPED" and not is_lost:
        return ""
    begin = _describe_loss(held, now, stack) if is_lost else _describe_ending(held, now)
    return begin if desired == "STOPPED" else f"{begin}. {_advise_restart(held, stack)}"


def _describe_loss(held: StateRecording, now: Recording, stack: str) -> str:
    command = format_command("doctor --write", stack, program="realtimekit")
    is_own = bool(held.stored.inputs.targets)
    next_step = f"'{command}' tries its storage" if is_own else "Cloudflare's support can tell why"
    return f"It ended with an error{_name_reason(now)}, and its files may be lost: {next_step}"


def _describe_ending(held: StateRecording, now: Recording) -> str:
    ending = find_new_ending(held, now)
    known = f", and the state still has it as {held.stored.status}" if ending is not None else ""
    is_by_call = now.stop_reason == _BY_CALL
    if _is_stopped_outside(held, now):
        return f"It was stopped outside of this stack{_name_reason(now)}{known}"
    if is_by_call and ending is not None and not ending.is_stopped_outside:
        return f"It has ended after its max_seconds, {ending.max_seconds:.0f}{known}"
    if now.stop_reason == _EVERYBODY_LEFT:
        return f"It has ended, since everybody had left the meeting{_name_reason(now)}{known}"
    return f"It has ended{_name_reason(now)}{known}"


def _name_reason(now: Recording) -> str:
    return f" ({now.stop_reason})" if now.stop_reason else ""


def _advise_restart(held: StateRecording, stack: str) -> str:
    on_ended = held.stored.inputs.values["on_ended"]
    deployment = f"'{format_command('up --refresh', stack)}'"
    starts = f"{deployment} starts another one, if somebody is in the meeting"
    if on_ended == "restart":
        return f"on_ended is 'restart': {starts}"
    fails = ", so deployments fail over it" if on_ended == "fail" else ""
    return f"on_ended is '{on_ended}'{fails}: set it to 'restart', then {starts}"


def _is_stopped_outside(held: StateRecording, now: Recording) -> bool:
    """Whether somebody else has stopped it since the last deployment, and not that deployment."""
    if held.is_leftover or held.is_interrupted:
        return False
    ending = find_new_ending(held, now)
    return ending is not None and ending.is_stopped_outside


def _is_changed_outside(held: StateRecording, desired: DesiredState) -> bool:
    """Whether the last deployment left it as it is declared."""
    return _is_as_desired(held.stored.phase, desired) and not held.is_interrupted


def _is_as_desired(phase: Phase, desired: DesiredState) -> bool:
    return desired == ("PAUSED" if phase is Phase.PAUSED else "RECORDING")
