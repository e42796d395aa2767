"""Why a recording is of its class and what to do about it, in words: pure.

Whose it is stands beside them, so they do not say it again.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import GONE, NO_SESSION, Phase, get_phase
from realtimekit_provider.cli.inventory.deviations import explain_deviation, explain_ending
from realtimekit_provider.cli.inventory.rows import Owner, Row
from realtimekit_provider.cli.inventory.stacks import KnownStack
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.cli.pulumi_cli.states import StateRecording

__all__ = [
    "Meeting",
    "explain_adopted",
    "explain_foreign",
    "explain_held",
    "explain_left",
    "explain_loss",
    "explain_missing",
    "explain_orphan",
    "explain_past",
    "explain_shared",
    "explain_twins",
    "explain_undeployed",
    "explain_unlisted",
    "explain_unmanaged",
    "explain_unread",
    "explain_unstarted",
]

_JUST_STARTED = timedelta(minutes=5)


def explain_missing(stack: KnownStack, status: str) -> str:
    """Return what to do about a recording that a state has and the API does not know."""
    begin = f"The state has it as {status}, and the API does not know it. "
    if stack.is_deployed_now:
        return begin + _describe_deployment(stack.name)
    return (
        f"{begin}See that token, account and app are right. If they are, it is gone: run "
        f"'{format_command('up --refresh', stack.name)}', which takes it out of the state and "
        "starts another one, whatever on_ended says"
    )


def explain_shared(owners: Sequence[Owner]) -> str:
    """Return what to do about a recording that several resources have."""
    names = " and ".join(owner.describe() for owner in owners)
    return (
        f"{len(owners)} resources have it, {names}, and each would stop it. Take it out of one: "
        "out of that stack's program first, then out of its state with 'pulumi state delete URN "
        "--stack NAME'"
    )


def explain_twins(row: Row, others: Sequence[str]) -> str:
    """Return what to do about a recording whose meeting is being recorded twice."""
    meeting = row.recording.meeting_id
    where = f"Meeting {meeting}" if meeting else "Its meeting"
    nowhere = "" if row.owners else ". No state has this one"
    return (
        f"{where} is being recorded {len(others) + 1} times, also by {', '.join(others)}{nowhere}. "
        "Stop the one that is not wanted"
    )


def explain_orphan(row: Row, stack: KnownStack, *, is_wanted: bool, now: datetime) -> str:
    """Return what to do about a live recording of a stack whose state does not have it."""
    begin = "No state has it. "
    if stack.is_deployed_now:
        return begin + _describe_deployment(stack.name)
    if row.started is not None and now - row.started < _JUST_STARTED:
        return begin + _describe_update(stack.name)
    if is_wanted:
        return f"{begin}Run '{format_command('up', stack.name)}', which takes it over"
    return (
        f"{begin}Stop it in the dashboard, or take it over: declare a recording of its meeting "
        f"with adopt_recording_id '{row.recording.id}'"
    )


def explain_unstarted(status: str) -> str:
    """Return why nothing was started for a declared recording."""
    if status == NO_SESSION:
        return "Nobody was in the meeting at the last deployment: the next one tries again"
    return "Its desired_state is STOPPED: with RECORDING a deployment starts it"


def explain_held(row: Row, stack: KnownStack, held: StateRecording, deviation: str = "") -> str:
    """Return what will become of a recording that a state has, empty where that is plain.

    Args:
        row: Its row.
        stack: The stack.
        held: What the state says.
        deviation: How it differs from its ``desired_state``.
    """
    desired = stack.get_desired_state(held)
    is_open = held.is_leftover or row.has_new_ending or (bool(deviation) and row.is_live)
    if stack.is_deployed_now and is_open:
        return _describe_deployment(stack.name)
    if held.is_leftover:
        return "Its replacement was interrupted: the next deployment stops it"
    if deviation and row.is_live:
        return explain_deviation(deviation, desired, stack.name)
    if row.status == "PAUSED":
        return "Paused, as declared: with desired_state RECORDING a deployment resumes it"
    if get_phase(row.status) is Phase.ENDED:
        return explain_ending(held, row.recording, desired, stack.name)
    return ""


def explain_loss(row: Row) -> str:
    """Return what to add to the reason of a recording that no state has, empty without a loss."""
    is_lost = row.status == "ERRORED" and not row.owners
    return ". It ended with an error, and its files may be lost" if is_lost else ""


@dataclass(frozen=True)
class Meeting:
    """What is known of the meeting of a declared recording.

    Attributes:
        recording_id: The live recording that it has, ``None`` where there is none.
        former_name: The resource of the same stack that has that one, and is no longer declared.
        is_anybody_in: Whether somebody is in it, ``None`` where that is not known.
        is_known: Whether a recording shows that the app has such a meeting.
        is_to_run: Whether the declaration wants it to be recorded.
    """

    recording_id: str | None = None
    former_name: str | None = None
    is_anybody_in: bool | None = None
    is_known: bool = False
    is_to_run: bool = True


def explain_undeployed(stack: KnownStack, name: str, meeting: Meeting) -> str:
    """Return what to do about a declared recording that no state has.

    Args:
        stack: The stack that declares it.
        name: Its name there.
        meeting: Its meeting.
    """
    if stack.is_deployed_now:
        return _describe_deployment(stack.name)
    if meeting.recording_id is not None:
        return _explain_conflict(name, meeting)
    if name in stack.interrupted:
        return _explain_interruption(stack)
    if not meeting.is_to_run:
        return "It is declared STOPPED, so that a deployment starts nothing"
    return _advise_start(stack, meeting)


def explain_unlisted(status: str) -> str:
    """Return what is known of a recording that has ended and that the API does not list."""
    if status == GONE:
        return "The API does not know it any more: a deployment has found that already"
    return "It has ended, and the API does not list it any more: the state says this"


def explain_unread() -> str:
    """Return that nothing but the state says anything of a recording."""
    return "Its app could not be read: this is what the state says"


def explain_adopted(starter: Owner | None, mark: str | None, stack: str) -> str:
    """Return who a recording was started for that another resource has now.

    Args:
        starter: For whom.
        mark: The mark in its file's name.
        stack: The stack of the resource that has it now.
    """
    if starter is not None:
        if starter == Owner(stack):
            return "Taken over: it was started for another resource of this stack"
        return f"Taken over: it was started for {starter.describe()}"
    if mark is not None:
        return "Taken over: it was started by a stack that is not known here"
    return "Taken over: its file name does not say who started it"


def explain_left() -> str:
    """Return why a live recording is in no state although nothing went wrong."""
    return "No state has it, and it runs on, since its on_delete was 'leave'"


def explain_past(replaced_by: Owner | None) -> str:
    """Return why a recording that has ended is in no state."""
    if replaced_by is not None:
        return f"It has ended, and was replaced by the present one of {replaced_by.describe()}"
    return "It has ended, and no state has it any more"


def explain_foreign(namesake: Owner | None) -> str:
    """Return whose a recording can be that has the mark of an identity that no state has.

    Args:
        namesake: The resource here that has the name which the mark was made of.
    """
    if namesake is not None:
        return (
            f"Started for {namesake.describe()} by another state than the present one: one that "
            "was destroyed or lost, or is in another backend"
        )
    return (
        "Started by a stack that is not known here: of another project or backend, or one whose "
        "state was destroyed or lost"
    )


def explain_unmanaged(recording: Recording) -> str:
    """Return why nobody can say whose a recording is."""
    if recording.kind == "COMPOSITE":
        return "A composite recording: no stack starts those"
    return (
        "Its file name has no mark: it was started by something else, or with a prefix of its own"
    )


def _explain_conflict(name: str, meeting: Meeting) -> str:
    begin = f"Its meeting is recorded by {meeting.recording_id} already"
    advice = "see on_conflict, or take that one over by adopt_recording_id"
    former = meeting.former_name
    if former is None:
        return f"{begin}, so a deployment refuses to start another one: {advice}"
    quoted = json.dumps(former, ensure_ascii=False)
    return (
        f"{begin}, which the state has as '{former}', and '{former}' is no longer declared. If "
        f"'{name}' is '{former}' under another name, say so below '{name}' in the stack's file: "
        f"'aliases: [{quoted}]'. Otherwise a deployment refuses to start another one: {advice}"
    )


def _explain_interruption(stack: KnownStack) -> str:
    finding = f"run '{format_command('up', stack.name)}', which finds it"
    if stack.is_deployed_now is None:
        return (
            "Its start was interrupted, or a deployment runs at this moment: see that none does, "
            f"then {finding}"
        )
    return f"Its start was interrupted: {finding}"


def _advise_start(stack: KnownStack, meeting: Meeting) -> str:
    deployment = f"'{format_command('up', stack.name)}'"
    doctor = f"'{format_command('doctor', stack.name, program='realtimekit')}'"
    if not stack.is_in_backend:
        init = f"'pulumi stack init {shlex.quote(stack.name)}'"
        return f"The backend has no stack of that name: to record it, run {init}, then {deployment}"
    if meeting.is_anybody_in is False and not meeting.is_known:
        return (
            f"Nobody is in its meeting, or the app has no such meeting: {doctor} tells which it is"
        )
    if meeting.is_anybody_in is False:
        return (
            f"Nobody is in its meeting: run {deployment} while somebody is there; with "
            "on_no_session: skip a deployment in between does not fail"
        )
    if not stack.was_deployed:
        return f"The stack has nothing deployed: to record it, run {deployment}"
    advice = (
        f"run {deployment}, and read why if it does not start: a deployment has failed, or was "
        "not run since"
    )
    if meeting.is_anybody_in:
        return f"Somebody is in its meeting: {advice}"
    return f"{advice[0].upper()}{advice[1:]}. {doctor} looks whether somebody is in its meeting"


def _describe_deployment(stack: str) -> str:
    return f"A deployment of stack {stack} runs: look again when it has ended"


def _describe_update(stack: str) -> str:
    return (
        f"Stack {stack} may be being deployed at this moment, and its state not be written yet: "
        "look again when that is done"
    )
