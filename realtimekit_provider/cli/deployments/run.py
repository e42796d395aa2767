"""One run of ``pulumi up``, stopped when it is time, with nothing left behind."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from realtimekit_provider.cli.changes.events import parse_events
from realtimekit_provider.cli.changes.failures import get_failure_code
from realtimekit_provider.cli.changes.messages import parse_messages
from realtimekit_provider.cli.changes.stack_preview import Message
from realtimekit_provider.cli.deployments.error_output import ErrorOutput
from realtimekit_provider.cli.deployments.lock_removal import read_locks, remove_locks
from realtimekit_provider.cli.deployments.locks import CliRun, is_stale
from realtimekit_provider.cli.deployments.messages import describe_stage
from realtimekit_provider.cli.deployments.options import DeploymentOptions
from realtimekit_provider.cli.deployments.pid_files import open_pid_file
from realtimekit_provider.cli.deployments.result import DeploymentResult
from realtimekit_provider.cli.deployments.signals import ReceivedSignals, count_signals
from realtimekit_provider.cli.deployments.stages import Moment, Stage, get_next_stage
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.pulumi_cli.sessions import kill_session
from realtimekit_provider.cli.workflow_commands import stop_commands

__all__ = ["run_deployment"]

_TICK = 0.1
_LAST_LINES_GRACE = 2.0
_EXIT_CODE_OF_A_PANIC = 2
_HIGHEST_EXIT_CODE = 9
_FLAGS = (
    "--yes",
    "--skip-preview",
    "--refresh",
    "--continue-on-error",
    "--suppress-progress",
    "--suppress-outputs",  # they would stand below the reason why it failed
)

_EVENT_LOG = {"PULUMI_DEBUG_COMMANDS": "true"}
"""Makes the CLI take ``--event-log``, which the Automation API uses too."""


def run_deployment(
    cli: PulumiCli,
    options: DeploymentOptions,
    *,
    deadline: float | None,
    report: Callable[[str], None],
) -> DeploymentResult:
    """Deploy a stack, its output passed on as it comes.

    The Pulumi CLI runs in a session of its own: a signal reaches it through this process only, and
    all that it starts can be found. While it runs, SIGINT and SIGTERM are passed on step by step.

    Args:
        cli: The CLI, for the project.
        options: The stack, and how it is deployed.
        deadline: When to stop it, by the monotonic clock; ``None`` for never.
        report: Tells a person what is done.

    Raises:
        CommandError: There is no Pulumi CLI.
    """
    with (
        TemporaryDirectory() as folder,
        open_pid_file(options.stack_key, report) as pid_file,
        count_signals() as received,
        stop_commands(),
    ):
        log = Path(folder) / "events.jsonl"
        flags = (*_FLAGS, "--event-log", str(log), "--stack", options.stack)
        begin = time.time()
        process = cli.start(
            "up",
            *flags,
            *options.arguments,
            environment=_EVENT_LOG,
            keep_open=pid_file.descriptors,
        )
        assert process.stderr is not None  # noqa: S101  # a pipe, as it was started
        errors = ErrorOutput(process.stderr)
        stopper = _Stopper(process, received, deadline, options.has_terminal, report)

        def describe_run() -> CliRun:
            return CliRun(socket.gethostname(), process.pid, begin, time.time())

        def write_pid_file() -> None:
            # The engine opens its log once it has the lock.
            if log.exists():
                pid_file.write(describe_run())

        try:
            stopper.wait(write_pid_file)
        finally:
            kill_session(process.pid)
        is_removed = _is_abnormal(process.returncode) and _give_lock_back(
            cli, options.stack, describe_run()
        )
        return DeploymentResult(
            get_failure_code(_read_messages(log), process.returncode),
            stopper.stage,
            stopper.was_late,
            errors.read_lock_error(_LAST_LINES_GRACE),
            is_removed,
        )


def _read_messages(log: Path) -> tuple[Message, ...]:
    if not log.exists():
        return ()
    return parse_messages(parse_events(log.read_text(encoding="utf-8", errors="replace")))


class _Stopper:
    def __init__(
        self,
        process: subprocess.Popen[str],
        received: ReceivedSignals,
        deadline: float | None,
        has_terminal: bool,  # noqa: FBT001  # private
        report: Callable[[str], None],
    ) -> None:
        self._process = process
        self._received = received
        self._deadline = deadline
        self._has_terminal = has_terminal
        self._report = report
        self._since = time.monotonic()
        self.stage = Stage.RUNNING
        self.was_late = False

    def wait(self, at_each_tick: Callable[[], None]) -> None:
        """Return when the CLI has ended, which is stopped where it must."""
        while self._process.poll() is None:
            at_each_tick()
            moment = self._look()
            stage = get_next_stage(moment)
            if stage is not self.stage:
                self._enter(stage, moment)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_TICK)
        at_each_tick()

    def _look(self) -> Moment:
        now = time.monotonic()
        is_late = self._deadline is not None and now >= self._deadline
        seconds = now - self._since
        return Moment(self.stage, seconds, self._received.count, is_late, self._has_terminal)

    def _enter(self, stage: Stage, moment: Moment) -> None:
        if stage is Stage.CANCELLING:
            self.was_late = not moment.signals
        self.stage, self._since = stage, time.monotonic()
        text = describe_stage(stage, moment)
        if text:
            self._report(text)
        if stage in {Stage.CANCELLING, Stage.TERMINATING}:
            self._process.send_signal(signal.SIGINT)
        else:
            keep = {self._process.pid} if stage is Stage.PROVIDER_KILLED else ()
            kill_session(self._process.pid, keep=keep)


def _is_abnormal(exit_code: int) -> bool:
    """Whether the CLI may have ended before it gave its lock back."""
    return not 0 <= exit_code <= _HIGHEST_EXIT_CODE or exit_code == _EXIT_CODE_OF_A_PANIC


def _give_lock_back(cli: PulumiCli, stack: str, ended: CliRun) -> bool:
    """Remove the lock that the ended CLI has left; return whether there was one."""
    own = [one for one in read_locks(cli, stack) if is_stale(one, [ended])]
    return bool(own) and remove_locks(cli, stack, own)
