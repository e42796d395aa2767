"""``realtimekit ci drift``: what is not as declared, and one issue a stack that says so."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from realtimekit_provider.cli.changes.failures import describe_missing_stack
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.changes.stack_previews import preview_stacks
from realtimekit_provider.cli.drift.findings import DriftFinding, find_drift
from realtimekit_provider.cli.drift.report import (
    drift_to_document,
    format_drift,
    render_issue,
    render_title,
)
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode, combine_exit_codes
from realtimekit_provider.cli.github.client import GitHubClient, GitHubError, create_client
from realtimekit_provider.cli.github.issues import close_issue, find_issue, save_issue
from realtimekit_provider.cli.github.job import create_marker, find_run_url
from realtimekit_provider.cli.output import print_line, print_message, write_json
from realtimekit_provider.cli.pulumi_cli.backend import identify_stacks
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.names import label_stacks
from realtimekit_provider.cli.stack_files.project import (
    Project,
    describe_missing_files,
    find_project,
    find_stack_file,
    list_stack_files,
)
from realtimekit_provider.cli.stack_files.validate import validate_stack_file
from realtimekit_provider.cli.workflow_commands import is_in_github_actions

__all__ = ["command", "get_drift_code"]

_Found = Mapping[str, tuple[StackPreview, tuple[DriftFinding, ...]]]


@click.command("drift")
@click.option(
    "--stack", "stacks", multiple=True, metavar="STACK", help="A stack, or all; repeatable."
)
@click.option("--issue/--no-issue", default=None, help="Write the issue; in GitHub Actions it is.")
@click.option("--parallel", type=click.IntRange(1, 16), default=4, help="Previews at a time (4).")
@click.option("--author", default="", help="Who writes with GITHUB_TOKEN, such as 'my-app[bot]'.")
@click.option("--cwd", type=click.Path(path_type=Path), default=".", help="The project's folder.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.pass_context
def command(
    ctx: click.Context,
    *,
    stacks: Sequence[str],
    issue: bool | None,
    parallel: int,
    author: str,
    cwd: Path,
    as_json: bool,
) -> None:
    """Say what is not as the stacks declare it, and exit with 7 where something is.

    Asks the API and the clouds, and writes no state. Drift is a recording that was paused,
    resumed or stopped outside of the stack, storage and keys that were changed or deleted there,
    and what is declared and not deployed. A recording that ended by itself and an empty room are
    no drift.

    In GitHub Actions a stack with drift has one issue, which is updated at each run and closed when
    the stack is as declared. It needs GITHUB_TOKEN with 'issues: write'.
    """
    writes_issue = is_in_github_actions() if issue is None else issue
    client = create_client(author) if writes_issue else None
    project = find_project(cwd)
    files = list_stack_files(project)
    names = stacks or [file.stack for file in files]
    if not names:
        raise CommandError(describe_missing_files(project), ExitCode.NO_STACK)
    named = {find_stack_file(project, name, files) for name in names}
    reports = [validate_stack_file(file, project) for file in files if file in named]
    previews = preview_stacks(project, names, reports, refresh=True, parallel=parallel)
    found = {one.stack: (one, () if one.is_failed else find_drift(one)) for one in previews}
    if as_json:
        write_json({"stacks": [drift_to_document(*one) for one in found.values()]})
    else:
        _print_drift(found)
    for preview, _ in found.values():
        if preview.is_failed:
            print_message(f"{preview.stack}: {preview.error}")
            if preview.exit_code == ExitCode.NO_STACK:
                print_message(describe_missing_stack(preview.stack))
    errors = [] if client is None else _write_issues(client, found, project)
    ctx.exit(combine_exit_codes([get_drift_code(found), *errors]))


def get_drift_code(found: _Found) -> int:
    """Return the exit code: that of what failed, else 7 where something is not as declared.

    Args:
        found: The preview of each stack, by its name, and what is not as declared.
    """
    return combine_exit_codes(
        (preview.exit_code or ExitCode.ERROR)
        if preview.is_failed
        else (ExitCode.CHANGES if findings else ExitCode.OK)
        for preview, findings in found.values()
    )


def _print_drift(found: _Found) -> None:
    labels = label_stacks(found)
    for stack, (preview, findings) in found.items():
        for line in format_drift(labels[stack], findings) if not preview.is_failed else ():
            print_line(line)


def _write_issues(client: GitHubClient, found: _Found, project: Project) -> list[int]:
    """Write the issue of each stack; return the exit code of each that GitHub refused."""
    seen = {name: findings for name, (one, findings) in found.items() if not one.is_failed}
    names = identify_stacks(PulumiCli(project.folder), seen, project.name) if seen else {}
    codes: list[int] = []
    for stack, findings in seen.items():
        try:
            _write_issue(client, names[stack], findings, project.folder)
        except GitHubError as error:
            codes.append(error.code)
            print_message(f"{names[stack]}: its issue is not written: {error}")
    return codes


def _write_issue(
    client: GitHubClient, stack: str, findings: Sequence[DriftFinding], folder: Path
) -> None:
    marker = create_marker(f"drift-{hashlib.sha256(stack.encode()).hexdigest()[:12]}", folder)
    if findings:
        text = render_issue(stack, findings, marker=marker, link=find_run_url())
        written = save_issue(client, marker, render_title(stack), text)
        print_message(f"{stack}: issue {written.url}")
        return
    open_issue = find_issue(client, marker)
    if open_issue is not None:
        close_issue(client, open_issue, "The stack is as declared again.")
        print_message(f"{stack}: closed {open_issue.url}")
