"""The checks of a state's recordings: not running, or with files that vanish or are lost."""

from __future__ import annotations

from realtimekit_provider.api.models.status import GONE, NO_SESSION
from realtimekit_provider.cli.call_errors import describe_call_error
from realtimekit_provider.cli.checks.access import require_access
from realtimekit_provider.cli.checks.evidence.current_recordings import (
    CurrentRecording,
    list_as_stored,
)
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import count, format_span, join_names, join_sentences
from realtimekit_provider.cli.inventory.declared import get_desired_state
from realtimekit_provider.cli.inventory.expiry import find_expiry
from realtimekit_provider.cli.inventory.rows import EXPIRES_SOON
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.deployment.lost_files import describe_lost_files
from realtimekit_provider.errors import CallError, SettingsError

__all__ = [
    "NO_RECORDING",
    "check_expiring_files",
    "check_lost_files",
    "check_unrecorded",
    "read_current",
]

NO_RECORDING = "no recording is deployed"
"""Why nothing of a state's recordings is examined."""

_ASK_SUPPORT = "give Cloudflare's support the id, and the name of the file"
_TRY_STORAGE = "run doctor with --write, which tries each gate's credential"
_SEE_STORAGE = "see 'storage-write'"
_UNCLEAR = "run it again; if it fails again, see whether the API has an outage"


def read_current(stack: ExaminedStack) -> list[CurrentRecording]:
    """Return the recordings of the state as they are now.

    Raises:
        UnavailableError: The API would refuse to say it.
    """
    stored = [one.stored for one in stack.state.require().recordings]
    if not all(one.is_complete or one.is_placeholder for one in stored):
        require_access(stack)
    return stack.current.require()


def check_unrecorded(stack: ExaminedStack) -> CheckResult:
    """Say in which meetings somebody is, and the recording was not started, or has ended."""
    current = read_current(stack)
    if not current:
        return CheckResult.skip(NO_RECORDING)
    declared, _failures = stack.read_declared()
    recorded = {one.held.stored.inputs.meeting for one in current if one.is_live}
    idle = [
        one
        for one in current
        if one.held.stored.inputs.meeting not in recorded
        and not one.is_live
        and get_desired_state(declared.recordings, one.held) == "RECORDING"
    ]
    if not idle:
        return CheckResult.ok("no deployed recording waits for somebody to be in its meeting")
    require_access(stack)
    entered: list[CurrentRecording] = []
    unclear: list[str] = []
    for one in idle:
        try:
            client = stack.create_client(*one.held.stored.get_app())
            if client.is_anybody_in(one.held.stored.inputs.meeting_id):
                entered.append(one)
        except CallError as error:
            unclear.append(f"{one.held.name}: {describe_call_error(error, '')[0]}")
        except SettingsError as error:
            unclear.append(f"{one.held.name}: {error}")
    if entered:
        return CheckResult.warn(
            join_sentences([*map(_describe_entered, entered), *unclear]),
            _advise_start(entered, stack.name),
        )
    if unclear:
        return CheckResult.warn(join_sentences(unclear), _UNCLEAR)
    waiting = [one.held.name for one in idle if one.now.status == NO_SESSION]
    if not waiting:
        return CheckResult.ok("nobody is in the meeting of one that has ended")
    return CheckResult.ok(
        f"nobody is in the meeting of {join_names(waiting)}: a deployment while somebody is there "
        "starts it"
    )


def check_expiring_files(stack: ExaminedStack) -> CheckResult:
    """Say which files Cloudflare's own bucket will drop within two days."""
    now = stack.project.get_time()
    current, source = _read_known(stack)
    if not current:
        return CheckResult.skip(NO_RECORDING)
    ending = [
        (expiry, one.held.name)
        for one in current
        if (expiry := find_expiry(one.now, one.held.stored)) is not None
        and now < expiry <= now + EXPIRES_SOON
    ]
    if not ending:
        return CheckResult.ok(f"none within 48 h{source}")
    seen = [f"{name} in {format_span(expiry - now)}" for expiry, name in sorted(ending)]
    return CheckResult.warn(
        f"Cloudflare's bucket drops the files of {join_names(seen)}",
        "download them from the dashboard, or give the recordings storage of their own",
    )


def check_lost_files(stack: ExaminedStack) -> CheckResult:
    """Say which recordings of the state ended without their files, by what the API says now."""
    current = [one for one in read_current(stack) if not one.held.stored.is_placeholder]
    if not current:
        return CheckResult.skip("no recording was started")
    errored = [one for one in current if one.now.status == "ERRORED"]
    lost = [_describe_lost(one) for one in errored]
    gone = [_describe_lost(one) for one in current if one.now.status == GONE]
    unclear = [f"{one.held.name}: {one.error}" for one in current if one.error]
    if lost:
        return CheckResult.fail(
            join_sentences([*lost, *gone]),
            _advise_on_lost(errored, writes=stack.writes),
        )
    if gone or unclear:
        return CheckResult.warn(
            join_sentences([*gone, *unclear]),
            "see 'account' and 'app', then look in the storage" if gone else _UNCLEAR,
        )
    return CheckResult.ok(f"none of {count(len(current), 'recording')}")


def _read_known(stack: ExaminedStack) -> tuple[list[CurrentRecording], str]:
    """Return the recordings of the state, and what to add where the API has not said it."""
    try:
        current = read_current(stack)
    except UnavailableError:
        current = list_as_stored(stack.state.require().recordings)
        return current, ", as far as the state knows"
    return current, ", as far as the state knows" if any(one.error for one in current) else ""


def _describe_entered(one: CurrentRecording) -> str:
    begin = f"{one.held.name}: somebody is in meeting {one.held.stored.inputs.meeting_id} now, and "
    is_unstarted = one.held.stored.is_placeholder
    return begin + ("nothing records it" if is_unstarted else f"it has ended ({one.now.status})")


def _advise_start(entered: list[CurrentRecording], stack: str) -> str:
    if all(one.held.stored.is_placeholder for one in entered):
        return f"run '{format_command('up', stack)}'"
    keeps = any(one.keeps_ended for one in entered)
    begin = "set on_ended: restart for one that has ended, then " if keeps else ""
    return f"{begin}run '{format_command('up --refresh', stack)}'"


def _advise_on_lost(errored: list[CurrentRecording], *, writes: bool) -> str:
    if not any(map(_has_own_storage, errored)):
        return _ASK_SUPPORT
    return f"{_SEE_STORAGE if writes else _TRY_STORAGE}; if that is well, {_ASK_SUPPORT}"


def _has_own_storage(one: CurrentRecording) -> bool:
    return bool(one.held.stored.inputs.targets)


def _describe_lost(one: CurrentRecording) -> str:
    sentence = describe_lost_files(one.now, has_own_storage=_has_own_storage(one))
    return f"{one.held.name}: {sentence}"
