"""Every check, in the order in which they are made: what is wrong first explains the rest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from realtimekit_provider.cli.checks import (
    access,
    backend,
    connection,
    declared,
    installation,
    live_recordings,
    locks,
    recordings,
    stack_config,
    storage,
    token,
)
from realtimekit_provider.cli.checks.evidence.lazy import UnavailableError
from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult, Report

__all__ = ["CHECK_IDS", "PROJECT_CHECKS", "STACK_CHECKS", "Check", "run_checks"]

_Subject = TypeVar("_Subject")


@dataclass(frozen=True)
class Check(Generic[_Subject]):
    """One check.

    Attributes:
        id: What it is called in output, options and documentation; it never changes.
        run: Examines the project or the stack.
    """

    id: str
    run: Callable[[_Subject], CheckResult]


PROJECT_CHECKS: tuple[Check[ExaminedProject], ...] = (
    Check("python", installation.check_python),
    Check("pulumi-sdk", installation.check_sdk),
    Check("pulumi-cli", installation.check_cli),
    Check("language-plugin", installation.check_plugin),
    Check("stack-files", stack_config.check_files),
    Check("backend", backend.check_backend),
)
"""What is examined once: this machine, the project's files, the backend."""

STACK_CHECKS: tuple[Check[ExaminedStack], ...] = (
    Check("stack", backend.check_stack),
    Check("lock", locks.check_lock),
    Check("pending-operations", locks.check_pending_operations),
    Check("secrets", stack_config.check_secrets),
    Check("config", stack_config.check_config),
    Check("network", connection.check_network),
    Check("api", connection.check_api),
    Check("rate-limit", connection.check_rate_limit),
    Check("clock", connection.check_clock),
    Check("token", token.check_token),
    Check("token-expiry", token.check_expiry),
    Check("account", access.check_account),
    Check("app", access.check_app),
    Check("read-right", access.check_read_right),
    Check("write-right", access.check_write_right),
    Check("storage-sdks", storage.check_sdks),
    Check("storage-write", storage.check_write),
    Check("undeployed", declared.check_undeployed),
    Check("desired-state", declared.check_desired_state),
    Check("unrecorded", recordings.check_unrecorded),
    Check("live-recordings", live_recordings.check_live_recordings),
    Check("expiring-files", recordings.check_expiring_files),
    Check("lost-files", recordings.check_lost_files),
)
"""What is examined of each stack."""

CHECK_IDS = (
    *(check.id for check in PROJECT_CHECKS),
    *(check.id for check in STACK_CHECKS),
)
"""The ids of all checks."""


def run_checks(
    project: ExaminedProject, stacks: Sequence[ExaminedStack], skipped: Collection[str] = ()
) -> Iterator[Report]:
    """Yield the result of every check, of the project's first and then of each stack's.

    Args:
        project: The project.
        stacks: The stacks to examine.
        skipped: The ids of checks that are not made.
    """
    for check in PROJECT_CHECKS:
        yield Report(check.id, None, _run(check, project, skipped))
    for stack in stacks:
        for stack_check in STACK_CHECKS:
            yield Report(stack_check.id, stack.name, _run(stack_check, stack, skipped))


def _run(check: Check[_Subject], subject: _Subject, skipped: Collection[str]) -> CheckResult:
    if check.id in skipped:
        return CheckResult.skip("by --skip")
    try:
        return check.run(subject)
    except UnavailableError as error:
        return CheckResult.skip(f"not examined, because of '{error.check_id}'")
