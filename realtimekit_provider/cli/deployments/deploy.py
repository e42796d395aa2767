"""Deploying a stack: waiting for its lock, one run of the CLI, and the exit code that follows."""

from __future__ import annotations

import time
from collections.abc import Callable

from realtimekit_provider.cli.changes.failures import describe_missing_stack
from realtimekit_provider.cli.deployments.lock_waiting import LockWaiting
from realtimekit_provider.cli.deployments.locks import parse_locks
from realtimekit_provider.cli.deployments.messages import describe_result
from realtimekit_provider.cli.deployments.options import DeploymentOptions
from realtimekit_provider.cli.deployments.run import run_deployment
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli

__all__ = ["deploy"]


def deploy(
    cli: PulumiCli,
    options: DeploymentOptions,
    refuse_unreviewed: Callable[[float | None], None],
    report: Callable[[str], None],
) -> ExitCode:
    """Deploy a stack; return what the command exits with.

    Args:
        cli: The CLI, for the project.
        options: The stack, and how it is deployed.
        refuse_unreviewed: Is called before each try with the seconds that are left, and raises
            where nothing may be deployed: another deployment may have changed what this one does.
        report: Tells a person what is done.

    Raises:
        CommandError: The stack stays locked, there is no CLI, or ``refuse_unreviewed`` raised it.
    """
    begin = time.monotonic()
    deadline = None if options.soft_timeout is None else begin + options.soft_timeout
    waiting = LockWaiting(cli, options, deadline, report)
    while True:
        refuse_unreviewed(None if deadline is None else deadline - time.monotonic())
        result = run_deployment(cli, options, deadline=deadline, report=report)
        if not result.lock_error or result.code is ExitCode.CANCELLED:
            for sentence in describe_result(result):
                report(sentence)
            if result.code is ExitCode.NO_STACK:
                report(describe_missing_stack(options.stack))
            return result.code
        waiting.wait(parse_locks(result.lock_error))
