"""The checks of the backend: whether it answers, and what it says of the stack."""

from __future__ import annotations

import shlex
from datetime import datetime

from realtimekit_provider.api.models.recording import parse_time
from realtimekit_provider.cli.checks.evidence.history import LastUpdate, read_last_update
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import (
    count,
    describe_cli_error,
    format_span,
    hide_url_credentials,
)
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.commands import format_command

__all__ = ["check_backend", "check_stack", "describe_emptiness"]


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
    if not state.resource_count and stack.is_deployed_now:
        return CheckResult.skip("it has no resources yet: a deployment runs, see 'lock'")
    if not state.resource_count:
        return CheckResult.warn(
            describe_emptiness(_read_last_update(stack), stack.project.get_time()),
            f"to deploy what it declares, run '{format_command('up', stack.name)}'",
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


def describe_emptiness(last: LastUpdate | None, now: datetime) -> str:
    """Return why a stack has no resources, as far as its history tells.

    Args:
        last: The newest entry of its history; ``None`` where that cannot be read.
        now: The time of this machine.
    """
    if last is None:
        return "it has no resources: it was never deployed, or is destroyed"
    if not last.kind:
        return "it was never deployed"
    span = "" if last.time is None else f" {format_span(now - last.time)} ago"
    if last.kind == "destroy" and last.has_succeeded:
        return f"it has no resources: it was destroyed{span}"
    return f"it has no resources after the last operation{span} ({last.kind}, {last.result})"


def _read_last_update(stack: ExaminedStack) -> LastUpdate | None:
    try:
        return read_last_update(stack.project.cli, stack.name)
    except CommandError:
        return None


def _describe_last_update(last_update: str | None, now: datetime) -> str:
    time = parse_time(last_update)
    return "deployed" if time is None else f"deployed {format_span(now - time)} ago"
