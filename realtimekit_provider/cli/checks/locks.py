"""The checks of a stack's lock, and of the operations that its state has as unfinished."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import format_span, join_names
from realtimekit_provider.cli.deployments.file_locks import StackLock
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.schema.urn import parse_name

__all__ = [
    "DEPLOYED_NOW",
    "check_lock",
    "check_pending_operations",
    "judge_locks",
    "judge_pending_operations",
]

_LONGEST_DEPLOYMENT = timedelta(hours=1)
_CLOUD = ("https://", "http://")
DEPLOYED_NOW = "a deployment runs, see 'lock': look again when it has ended"
"""Why what the state does not have is not told."""

_CREATING = "creating"
_REMOVE_NOTES = "refresh --clear-pending-creates --yes --non-interactive"
"""In a terminal it would ask in spite of --yes."""


def check_lock(stack: ExaminedStack) -> CheckResult:
    """Say who holds the stack's lock, and since when."""
    backend, info = stack.project.backend.require(), stack.info.require()
    if info is None:
        return CheckResult.skip("not examined, because of 'stack'")
    if info.is_updating:
        return CheckResult.warn("a deployment runs", _advise_waiting(stack.name))
    try:
        locks = stack.locks.get()
    except CommandError as error:
        return CheckResult.skip(str(error))
    if locks is not None:
        return judge_locks(locks, stack.project.get_time(), stack.name)
    if backend.url.startswith(_CLOUD):
        return CheckResult.ok("no deployment runs")
    return CheckResult.skip(
        "the Pulumi CLI does not report the locks of a bucket without taking one",
        f"look for files in .pulumi/locks/organization/{stack.project.project.name}/"
        f"{stack.short_name}/ of the bucket",
    )


def judge_locks(locks: Sequence[StackLock], now: datetime, stack: str) -> CheckResult:
    """Say whether a deployment runs, or has left its lock behind."""
    if not locks:
        return CheckResult.ok("no deployment holds it")
    removal = (
        f"run '{format_command('cancel --yes', stack)}', then "
        f"'{format_command('up --refresh', stack)}'"
    )
    unreadable = next((one.unreadable for one in locks if one.unreadable is not None), None)
    if unreadable is not None:
        return CheckResult.fail(
            f"{unreadable} is no lock that can be read, and with it no deployment begins",
            f"see that no deployment runs, then {removal}",
        )
    held = [one for one in locks if not one.is_stale]
    seen = min(held or locks, key=lambda one: one.lock.since or now)
    lock = seen.lock
    age = now - lock.since if lock.since is not None else None
    span = f" for {format_span(age)}" if age is not None else ""
    holder = f"held{span} by {lock.user}@{lock.host}, process {lock.process_id}"
    if seen.is_stale:
        return CheckResult.fail(f"{holder}, a deployment of this machine that was killed", removal)
    if age is not None and age > _LONGEST_DEPLOYMENT:
        return CheckResult.fail(
            holder, f"see whether that deployment still runs; if it does not, {removal}"
        )
    return CheckResult.warn(f"{holder}: a deployment runs", _advise_waiting(stack))


def check_pending_operations(stack: ExaminedStack) -> CheckResult:
    """Say which operations an earlier deployment did not finish."""
    pending = stack.state.require().pending_operations
    if not pending:
        return CheckResult.ok("the last deployment finished everything that it began")
    deployed = _list_deployed(stack.exported.require())
    return judge_pending_operations(
        pending, deployed, stack.name, is_deployed=stack.is_deployed_now
    )


def judge_pending_operations(
    pending: Sequence[tuple[str, str]],
    deployed: Collection[str],
    stack: str,
    *,
    is_deployed: bool | None,
) -> CheckResult:
    """Tell what was interrupted from what still runs, and from what was found since.

    The engine keeps its note of an interrupted start also where the next deployment has found the
    resource.

    Args:
        pending: The URN of each resource, and its operation.
        deployed: The URNs that the state has.
        stack: The stack's name.
        is_deployed: Whether a deployment runs, ``None`` where that is not known.
    """
    missing = [(urn, one) for urn, one in pending if one != _CREATING or urn not in deployed]
    names = join_names([f"{one} {parse_name(urn)}" for urn, one in missing or pending])
    deployment = f"run '{format_command('up', stack)}', which finds out what is true"
    removal = f"'{format_command(_REMOVE_NOTES, stack)}' removes it"
    if is_deployed:
        return CheckResult.skip(f"of the deployment that has the lock, see 'lock': {names}")
    if not deployed:
        return CheckResult.warn(
            f"interrupted, and the stack has no resources: {names}",
            "see with 'realtimekit list' whether something runs that should not; then only "
            f"Pulumi's warning is left: {removal}",
        )
    if is_deployed is None and missing:
        return CheckResult.warn(
            f"interrupted, or of a deployment that runs: {names}",
            f"see that none runs, as 'lock' says; then {deployment}",
        )
    if missing:
        return CheckResult.warn(f"interrupted: {names}", deployment)
    return CheckResult.warn(
        f"interrupted earlier, and in the state since: {names}",
        f"if the deployment after that ended well, only Pulumi's warning is left: {removal}",
    )


def _list_deployed(exported: Mapping[str, Any]) -> set[str]:
    resources = (exported.get("deployment") or {}).get("resources") or []
    return {
        str(one["urn"])
        for one in resources
        if not one.get("delete") and not one.get("pendingReplacement")
    }


def _advise_waiting(stack: str) -> str:
    command = format_command("up --wait-for-lock 10m", stack, "realtimekit")
    return f"wait until it has ended; '{command}' waits, and deploys then"
