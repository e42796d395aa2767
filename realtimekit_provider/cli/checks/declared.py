"""The checks of what is declared against what is deployed, and against what is recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.api.models.status import Phase, get_phase
from realtimekit_provider.cli.checks.evidence.current_recordings import CurrentRecording
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.recordings import read_current
from realtimekit_provider.cli.checks.results import CheckResult, Outcome
from realtimekit_provider.cli.checks.texts import count, join_names, join_sentences
from realtimekit_provider.cli.inventory.declared import find_undeployed, get_desired_state
from realtimekit_provider.cli.inventory.deviations import describe_deviation
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.cli.pulumi_cli.states import StackState

__all__ = ["check_desired_state", "check_undeployed"]


def check_undeployed(stack: ExaminedStack) -> CheckResult:
    """Say which declared recordings no deployment has started, or has started for another one."""
    state = stack.state.require()
    declared, _failures = stack.read_declared()
    if not state.resource_count:
        return CheckResult.skip("not examined, because of 'stack'")
    missing = [
        f"{name}: it is declared, and in no state"
        for name in find_undeployed(declared.recordings, state)
    ]
    found = [*missing, *_list_other_meetings(declared.recordings, state)]
    if found:
        return CheckResult.warn(
            join_sentences(found),
            f"run '{format_command('up', stack.name)}', and read why if it does not start: a "
            "deployment has failed, or was not run since",
        )
    return CheckResult.ok(f"none of {count(len(declared.recordings), 'declared recording')}")


def check_desired_state(stack: ExaminedStack) -> CheckResult:
    """Say which recordings are not as their ``desired_state`` says, and which are not to record."""
    current = [one for one in read_current(stack) if not one.error]
    declared, _failures = stack.read_declared()
    wrong: list[str] = []
    keeps_ended = False
    paused: list[str] = []
    stopped: list[str] = []
    ended: list[str] = []
    for one in current:
        desired = get_desired_state(declared.recordings, one.held)
        deviation = describe_deviation(one.held, one.now, desired)
        if deviation:
            wrong.append(f"{one.held.name}: {deviation}")
            keeps_ended = keeps_ended or one.keeps_ended
        elif desired == "STOPPED":
            stopped.append(one.held.name)
        elif get_phase(one.now.status) is Phase.PAUSED:
            paused.append(one.held.name)
        elif _has_ended(one):
            ended.append(one.held.name)
    if wrong:
        begin = "set on_ended: restart for one that was stopped, then " if keeps_ended else ""
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


def _list_other_meetings(declared: Mapping[str, Any], state: StackState) -> Iterator[str]:
    for held in state.recordings:
        given, deployed = declared.get(held.name), held.stored.inputs.meeting_id
        meeting_id = given.get("meeting_id") if isinstance(given, Mapping) else None
        if isinstance(meeting_id, str) and meeting_id != deployed and not held.is_leftover:
            yield (
                f"{held.name}: meeting {meeting_id} is declared, and {deployed or 'none'} was "
                "deployed"
            )


def _has_ended(one: CurrentRecording) -> bool:
    return get_phase(one.now.status) is Phase.ENDED
