"""``realtimekit up``: a deployment that ends in time, and leaves no lock and no process."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click

from realtimekit_provider.cli.changes.preview import PREVIEW_TIMEOUT, run_preview
from realtimekit_provider.cli.deployments.deploy import deploy
from realtimekit_provider.cli.deployments.durations import read_duration
from realtimekit_provider.cli.deployments.options import DeploymentOptions
from realtimekit_provider.cli.deployments.pid_files import identify_stack
from realtimekit_provider.cli.deployments.review import check_digest, refuse_unreviewed
from realtimekit_provider.cli.output import print_message
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.project import find_project

__all__ = ["command"]


@click.command("up")
@click.option(
    "--stack", required=True, envvar="PULUMI_STACK", metavar="STACK", help="The stack's name."
)
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option(
    "--soft-timeout",
    metavar="DURATION",
    callback=read_duration,
    help="Stop the deployment after this time, such as 25m, and exit with 9.",
)
@click.option(
    "--wait-for-lock",
    metavar="DURATION",
    callback=read_duration,
    default="0s",
    help="Wait for another deployment of the stack, such as 10m.",
)
@click.option(
    "--reviewed",
    metavar="DIGEST",
    help="Deploy only what the review with this digest showed, or exit with 7.",
)
@click.option(
    "--parallel",
    type=click.IntRange(min=1),
    metavar="NUMBER",
    help="How many operations run at once.",
)
@click.pass_context
def command(
    ctx: click.Context,
    *,
    stack: str,
    cwd: Path,
    soft_timeout: float | None,
    wait_for_lock: float,
    reviewed: str | None,
    parallel: int | None,
) -> None:
    """Deploy a stack, as a pipeline does.

    Runs 'pulumi up --yes --skip-preview --refresh --continue-on-error', and passes its output on,
    without the stack's outputs, which 'pulumi stack output' shows. Stopped by a signal (exit
    code 8) or by its time (9), it lets what runs finish, then stops it, and leaves no lock and no
    process.
    """
    project = find_project(cwd)
    options = DeploymentOptions(
        stack,
        identify_stack(project, stack),
        () if parallel is None else ("--parallel", str(parallel)),
        soft_timeout,
        wait_for_lock,
        sys.stdin.isatty(),
    )
    digest = None if reviewed is None else check_digest(reviewed)

    def refuse(seconds_left: float | None) -> None:
        if digest is not None:
            timeout = PREVIEW_TIMEOUT if seconds_left is None else max(1.0, seconds_left)
            preview = partial(run_preview, project, stack, refresh=True, timeout=timeout)
            refuse_unreviewed(digest, preview, _report)

    ctx.exit(deploy(PulumiCli(project.folder), options, refuse, _report))


def _report(text: str) -> None:
    print_message(f"realtimekit: {text}")
