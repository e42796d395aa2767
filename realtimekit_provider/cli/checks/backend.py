"""The checks of the backend: whether it answers, and what it says of the stack."""

from __future__ import annotations

import shlex
from datetime import datetime, timedelta

from realtimekit_provider.api.models.recording import parse_time
from realtimekit_provider.cli.checks.evidence.file_locks import StackLock, list_file_locks
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import (
    count,
    describe_cli_error,
    format_span,
    hide_url_credentials,
    join_names,
)
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.schema.urn import parse_name

__all__ = ["check_backend", "check_lock", "check_pending_operations", "check_stack", "judge_locks"]

_LONGEST_DEPLOYMENT = timedelta(hours=1)
_FILE, _CLOUD = "file://", ("https://", "http://")


def check_backend(project: ExaminedProject) -> CheckResult:
    """Say where states are kept, and as whom."""
    try:
        backend = project.backend.get()
    except CommandError as error:
        return CheckResult.fail(
            describe_cli_error(error),
            "set PULUMI_BACKEND_URL and the credentials for it (PULUMI_ACCESS_TOKEN for Pulumi "
            "Cloud), and see whether this machine reaches it",
        )
    return CheckResult.ok(f"{hide_url_credentials(backend.url)}, as {backend.user}")


def check_stack(stack: ExaminedStack) -> CheckResult:
    """Say whether the backend has the stack, and when it was deployed last."""
    try:
        stacks = stack.project.stacks.get()
    except CommandError as error:
        return _describe_unlisted_stacks(stack, error)
    info = stack.info.require()
    if info is None:
        known = ", ".join(one.name for one in stacks) or "none"
        return CheckResult.fail(
            f"the backend has no stack '{stack.name}' of this project (there: {known})",
            f"run 'pulumi stack init {shlex.quote(stack.name)}', or look whether "
            "PULUMI_BACKEND_URL names another backend than the pipeline's",
        )
    try:
        state = stack.state.get()
    except CommandError as error:
        return CheckResult.fail(
            describe_cli_error(error),
            f"see whether '{format_command('stack export', stack.name)}' works, and restore the "
            "state from its backup",
        )
    if not state.resource_count:
        return CheckResult.warn(
            "it was never deployed", f"run '{format_command('up', stack.name)}'"
        )
    return CheckResult.ok(
        f"{count(len(state.recordings), 'recording')} among "
        f"{count(state.resource_count, 'resource')}, "
        f"{_describe_last_update(info.last_update, stack.project.get_time())}"
    )


def _describe_unlisted_stacks(stack: ExaminedStack, error: CommandError) -> CheckResult:
    """The CLI lists no stack where the state of one cannot be read."""
    try:
        stack.state.get()
        whose = "another stack's state"
    except CommandError as own:
        error, whose = own, "its state"
    return CheckResult.fail(
        f"{whose} in the backend is not readable: {describe_cli_error(error)}",
        "restore its backup: an earlier version in the bucket, or in a folder the file beside it "
        "that ends in .bak; or, if a newer Pulumi CLI has written it, use that one",
    )


def check_lock(stack: ExaminedStack) -> CheckResult:
    """Say who holds the stack's lock, and since when."""
    backend, info = stack.project.backend.require(), stack.info.require()
    if info is None:
        return CheckResult.skip("not examined, because of 'stack'")
    if info.is_updating:
        return CheckResult.warn("a deployment runs", "wait for it, 'realtimekit up' does")
    if backend.url.startswith(_FILE):
        try:
            locks = list_file_locks(backend.url, stack.project.project, stack.short_name)
        except OSError as error:
            return CheckResult.skip(f"the folder of locks cannot be read ({error.strerror})")
        return judge_locks(locks, stack.project.get_time(), stack.name)
    if backend.url.startswith(_CLOUD):
        return CheckResult.ok("no deployment runs")
    return CheckResult.skip(
        "the Pulumi CLI does not report the locks of a bucket without taking one",
        f"look for files in .pulumi/locks/organization/{stack.project.project.name}/"
        f"{stack.short_name}/ of the bucket",
    )


def judge_locks(locks: list[StackLock], now: datetime, stack: str) -> CheckResult:
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
    return CheckResult.warn(holder, "a deployment runs: wait for it, 'realtimekit up' does")


def check_pending_operations(stack: ExaminedStack) -> CheckResult:
    """Say which operations an earlier deployment did not finish."""
    pending = stack.state.require().pending_operations
    if not pending:
        return CheckResult.ok("the last deployment finished everything that it began")
    names = [f"{operation} {parse_name(urn)}" for urn, operation in pending]
    return CheckResult.warn(
        f"interrupted: {join_names(names)}",
        f"run '{format_command('up', stack.name)}', which finds out what is true; if it still "
        f"warns then, run '{format_command('refresh --clear-pending-creates', stack.name)}'",
    )


def _describe_last_update(last_update: str | None, now: datetime) -> str:
    time = parse_time(last_update)
    return "deployed" if time is None else f"deployed {format_span(now - time)} ago"
