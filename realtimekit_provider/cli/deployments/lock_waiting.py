"""Waiting until another deployment of the stack has ended."""

from __future__ import annotations

import time
from collections.abc import Callable

from realtimekit_provider.cli.deployments.durations import format_duration
from realtimekit_provider.cli.deployments.lock_removal import (
    find_stale_locks,
    read_locks,
    remove_locks,
)
from realtimekit_provider.cli.deployments.locks import Lock
from realtimekit_provider.cli.deployments.messages import (
    describe_locked_stack,
    describe_locks,
    describe_removal,
)
from realtimekit_provider.cli.deployments.options import DeploymentOptions
from realtimekit_provider.cli.deployments.pid_files import hold_ended_runs
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli

__all__ = ["LockWaiting"]

_INTERVAL = 3.0
_REPORT_INTERVAL = 60.0


class LockWaiting:
    """The waits of one command for a stack's lock, which have one limit together.

    Args:
        cli: The CLI, for the project.
        options: The stack, and how long its lock is waited for.
        deadline: When ``--soft-timeout`` is over, by the monotonic clock; ``None`` for never.
        report: Tells a person what is done.
    """

    def __init__(
        self,
        cli: PulumiCli,
        options: DeploymentOptions,
        deadline: float | None,
        report: Callable[[str], None],
    ) -> None:
        self._cli = cli
        self._options = options
        self._deadline = deadline
        self._report = report
        self._begin: float | None = None
        self._next_report = 0.0

    def wait(self, locks: tuple[Lock, ...]) -> None:
        """Return when the lock may be free.

        Args:
            locks: The locks that the CLI named, of which those of ended runs of this machine are
                removed.

        Raises:
            CommandError: It was not in time.
        """
        now = time.monotonic()
        self._begin = now if self._begin is None else self._begin
        while True:
            known, locks = locks, self._remove_stale(locks)
            if known and not locks:
                return
            self._raise_when_over(locks)
            self._report_waiting(locks)
            time.sleep(min(_INTERVAL, self._count_seconds_left()))
            locks = read_locks(self._cli, self._options.stack)
            if not locks:
                return

    def _remove_stale(self, locks: tuple[Lock, ...]) -> tuple[Lock, ...]:
        """Remove the locks of what has ended on this machine; return the others."""
        if not self._options.lock_timeout or not locks:
            return locks
        with hold_ended_runs(self._options.stack_key) as ended:
            stale = find_stale_locks(locks, ended)
            if not stale or not remove_locks(self._cli, self._options.stack, stale):
                return locks
        for one in stale:
            self._report(f"removed the lock of {one}: that process was killed, and left it")
        return tuple(one for one in locks if one not in stale)

    def _raise_when_over(self, locks: tuple[Lock, ...]) -> None:
        if self._count_seconds_left() > 0:
            return
        waited = self._count_seconds() if self._options.lock_timeout else None
        code = ExitCode.ERROR if waited is None else ExitCode.TIMEOUT
        text = describe_locked_stack(
            self._options.stack, locks, waited, is_stale=self._are_stale(locks)
        )
        raise CommandError(text, code)

    def _are_stale(self, locks: tuple[Lock, ...]) -> bool:
        with hold_ended_runs(self._options.stack_key) as ended:
            return bool(locks) and len(find_stale_locks(locks, ended)) == len(locks)

    def _report_waiting(self, locks: tuple[Lock, ...]) -> None:
        now, is_first = time.monotonic(), not self._next_report
        if now >= self._next_report:
            self._next_report = now + _REPORT_INTERVAL
            limit = format_duration(self._options.lock_timeout)
            self._report(
                f"{self._count_seconds():.0f} s of {limit}: stack '{self._options.stack}' is "
                f"locked by {describe_locks(locks)}"
            )
            if is_first:
                self._report(describe_removal(self._options.stack))

    def _count_seconds(self) -> float:
        return 0.0 if self._begin is None else time.monotonic() - self._begin

    def _count_seconds_left(self) -> float:
        left = self._options.lock_timeout - self._count_seconds()
        return left if self._deadline is None else min(left, self._deadline - time.monotonic())
