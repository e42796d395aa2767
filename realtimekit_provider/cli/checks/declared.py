"""The checks of what is declared against what is deployed, and against what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.api.models.status import Phase, get_phase
from realtimekit_provider.cli.checks.access import require_access
from realtimekit_provider.cli.checks.evidence.current_recordings import CurrentRecording
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.rooms import Room, read_rooms
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.locks import DEPLOYED_NOW
from realtimekit_provider.cli.checks.recordings import NO_RECORDING, read_current
from realtimekit_provider.cli.checks.results import CheckResult, Outcome
from realtimekit_provider.cli.checks.texts import count, join_names, join_sentences
from realtimekit_provider.cli.inventory.declared import find_undeployed, get_desired_state
from realtimekit_provider.cli.inventory.deviations import describe_deviation
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.cli.pulumi_cli.states import StackState
from realtimekit_provider.deployment.policies import OnNoSession

__all__ = ["check_desired_state", "check_undeployed"]

_FAIL: OnNoSession = "fail"


def check_undeployed(stack: ExaminedStack) -> CheckResult:
    """Say which declared recordings no deployment has started, or has started for another one."""
    state = stack.state.require()
    declared, _failures = stack.read_declared()
    if not declared.recordings:
        return CheckResult.ok("the stack's config declares no recording")
    if stack.is_deployed_now:
        return CheckResult.skip(DEPLOYED_NOW)
    missing = find_undeployed(declared.recordings, state.recordings)
    rooms = _try_rooms(stack, missing)
    missing = dict(sorted(missing.items(), key=lambda one: one[0] not in rooms))
    found = [
        *(
            _describe_missing(stack, name, given, rooms.get(name))
            for name, given in missing.items()
        ),
        *_list_other_meetings(declared.recordings, state),
    ]
    if found:
        advice = _advise(missing, rooms, stack.name, is_empty=not state.resource_count)
        return CheckResult.warn(join_sentences(found), advice)
    return CheckResult.ok(f"none of {count(len(declared.recordings), 'declared recording')}")


def check_desired_state(stack: ExaminedStack) -> CheckResult:
    """Say which recordings are not as their ``desired_state`` says, and which are not to record."""
    read = read_current(stack)
    if not read:
        return CheckResult.skip(NO_RECORDING)
    current = [one for one in read if not one.error]
    if not current:
        raise UnavailableError("lost-files")
    declared, _failures = stack.read_declared()
    wrong: list[str] = []
    needs_restart = False
    paused: list[str] = []
    stopped: list[str] = []
    ended: list[str] = []
    for one in current:
        desired = get_desired_state(declared.recordings, one.held)
        deviation = describe_deviation(one.held, one.now, desired)
        if deviation:
            wrong.append(f"{one.held.name}: {deviation}")
            needs_restart = needs_restart or _is_ended_for_good(one)
        elif desired == "STOPPED":
            stopped.append(one.held.name)
        elif get_phase(one.now.status) is Phase.PAUSED:
            paused.append(one.held.name)
        elif _has_ended(one):
            ended.append(one.held.name)
    if wrong:
        begin = "set on_ended: restart for one that was stopped, then " if needs_restart else ""
        return CheckResult.warn(
            join_sentences(wrong),
            f"{begin}run '{format_command('up --refresh', stack.name)}', or change what is "
            "declared",
        )
    notes = [
        *([f"PAUSED, as declared: {join_names(paused)}"] if paused else []),
        *([f"STOPPED, as declared: {join_names(stopped)}"] if stopped else []),
        *([f"has ended: {join_names(ended)}"] if ended else []),
    ]
    return CheckResult(
        Outcome.OK,
        join_sentences(notes) or "all are as declared",
        "to record, declare desired_state: RECORDING" if paused or stopped else "",
    )


def _has_ended(one: CurrentRecording) -> bool:
    return get_phase(one.now.status) is Phase.ENDED


def _is_ended_for_good(one: CurrentRecording) -> bool:
    return _has_ended(one) and one.held.stored.inputs.values["on_ended"] != "restart"


def _try_rooms(stack: ExaminedStack, missing: Mapping[str, Mapping[str, Any]]) -> dict[str, Room]:
    try:
        if missing:
            require_access(stack)
        return read_rooms(stack, missing)
    except UnavailableError:
        return {}


def _describe_missing(
    stack: ExaminedStack, name: str, given: Mapping[str, Any], room: Room | None
) -> str:
    meeting_id = given.get("meeting_id")
    if room is None:
        return f"{name}: it is declared, and in no state"
    if not room.exists:
        similar = "" if room.similar_id is None else f" (is it {room.similar_id}?)"
        return f"{name}: app {stack.get_app(given)[1]} has no meeting {meeting_id}{similar}"
    somebody = "nobody" if room.is_empty else "somebody"
    return f"{name}: it is in no state, and {somebody} is in meeting {meeting_id}"


def _advise(
    missing: Mapping[str, Mapping[str, Any]],
    rooms: Mapping[str, Room],
    stack: str,
    *,
    is_empty: bool,
) -> str:
    command = f"'{format_command('up', stack)}'"
    if any(not room.exists for room in rooms.values()):
        return f"correct meeting_id or app_id, then run {command}"
    fails = [name for name, given in missing.items() if given.get("on_no_session", _FAIL) == _FAIL]
    if fails and all(name in rooms and rooms[name].is_empty for name in missing):
        return (
            f"run {command} while somebody is there; with on_no_session: skip a deployment in "
            "between does not fail"
        )
    if is_empty:
        return f"to record what is declared, run {command}"
    return (
        f"run {command}, and read why if it does not start: a deployment has failed, or was not "
        "run since"
    )


def _list_other_meetings(declared: Mapping[str, Any], state: StackState) -> Iterator[str]:
    for held in state.recordings:
        given, deployed = declared.get(held.name), held.stored.inputs.meeting_id
        meeting_id = given.get("meeting_id") if isinstance(given, Mapping) else None
        if isinstance(meeting_id, str) and meeting_id != deployed and not held.is_leftover:
            yield (
                f"{held.name}: meeting {meeting_id} is declared, and {deployed or 'none'} was "
                "deployed"
            )
