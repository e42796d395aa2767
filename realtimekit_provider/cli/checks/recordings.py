"""The checks of a state's recordings: not started, or with files that vanish or are lost."""

from __future__ import annotations

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import GONE, NO_SESSION
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import count, format_span, join_names, join_sentences
from realtimekit_provider.cli.inventory.expiry import find_expiry
from realtimekit_provider.cli.inventory.rows import EXPIRES_SOON
from realtimekit_provider.cli.pulumi_cli.states import StateRecording
from realtimekit_provider.deployment.lost_files import describe_lost_files, may_lack_files
from realtimekit_provider.errors import CallError, NotFoundError, SettingsError

__all__ = ["check_expiring_files", "check_lost_files", "check_unrecorded"]


def check_unrecorded(stack: ExaminedStack) -> CheckResult:
    """Say which recordings wait for a deployment, since nobody was in their meeting at the last."""
    waiting = [
        one
        for one in stack.state.require().recordings
        if one.stored.status == NO_SESSION and not one.is_leftover
    ]
    if not waiting:
        return CheckResult.ok("none waits for somebody to be in its meeting")
    stack.answers.require().require_clear()
    entered: list[str] = []
    unclear: list[str] = []
    for one in waiting:
        meeting = f"{one.name}: somebody is in meeting {one.stored.inputs.meeting_id} now"
        try:
            if stack.create_client(*one.stored.get_app()).is_anybody_in(
                one.stored.inputs.meeting_id
            ):
                entered.append(f"{meeting}, and nothing records it")
        except (CallError, SettingsError) as error:
            unclear.append(f"{one.name}: {error}")
    if entered:
        return CheckResult.warn(
            join_sentences([*entered, *unclear]), f"run 'pulumi up --stack {stack.name}'"
        )
    if unclear:
        return CheckResult.warn(
            join_sentences(unclear), "see 'account' and 'app', then run the check again"
        )
    names = join_names([one.name for one in waiting])
    return CheckResult.ok(
        f"nobody is in the meeting of {names}: a deployment while somebody is there starts it"
    )


def check_expiring_files(stack: ExaminedStack) -> CheckResult:
    """Say which files Cloudflare's own bucket will drop within two days."""
    now = stack.project.get_time()
    ending = [
        (expiry, one.name)
        for one in stack.state.require().recordings
        if (expiry := find_expiry(one.stored.recording, one.stored)) is not None
        and now < expiry <= now + EXPIRES_SOON
    ]
    if not ending:
        return CheckResult.ok("none within 48 h, as far as the state knows")
    seen = [f"{name} in {format_span(expiry - now)}" for expiry, name in sorted(ending)]
    return CheckResult.warn(
        f"Cloudflare's bucket drops the files of {join_names(seen)}",
        "download them from the dashboard, or give the recordings storage of their own",
    )


def check_lost_files(stack: ExaminedStack) -> CheckResult:
    """Say which recordings of the state ended without their files, by what the API says now."""
    recordings = [one for one in stack.state.require().recordings if not one.stored.is_placeholder]
    if any(not one.stored.is_complete for one in recordings):
        stack.answers.require().require_clear()
    lost: list[str] = []
    gone: list[str] = []
    unclear: list[str] = []
    for one in recordings:
        try:
            found = _read_now(stack, one)
        except (CallError, SettingsError) as error:
            unclear.append(f"{one.name}: {error}")
            continue
        if may_lack_files(found.status):
            has_own_storage = bool(one.stored.inputs.targets)
            text = f"{one.name}: {describe_lost_files(found, has_own_storage=has_own_storage)}"
            (gone if found.status == GONE else lost).append(text)
    if lost:
        return CheckResult.fail(
            join_sentences([*lost, *gone]),
            "give Cloudflare's support the id, and the name of the file",
        )
    if gone or unclear:
        return CheckResult.warn(
            join_sentences([*gone, *unclear]), "see 'account' and 'app', then look in the storage"
        )
    return CheckResult.ok(f"none of {count(len(recordings), 'recording')}")


def _read_now(stack: ExaminedStack, one: StateRecording) -> Recording:
    """Return a recording as it is now; what never changes any more is taken from the state."""
    if one.stored.is_complete:
        return one.stored.recording
    client = stack.create_client(*one.stored.get_app())
    try:
        return client.get_via_list(one.stored.id, lambda _listed: True)
    except NotFoundError:
        return one.stored.recording.model_copy(update={"status": GONE})
