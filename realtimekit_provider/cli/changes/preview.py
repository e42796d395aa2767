"""Running the preview of a stack: nothing is deployed, and neither state nor file is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from subprocess import CompletedProcess

from realtimekit_provider.cli.changes.empty_backend import open_empty_backend
from realtimekit_provider.cli.changes.endings import parse_endings
from realtimekit_provider.cli.changes.events import parse_changes, parse_events
from realtimekit_provider.cli.changes.failures import get_failure_code
from realtimekit_provider.cli.changes.messages import find_error, parse_messages
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.config_copy import open_config_copy
from realtimekit_provider.cli.stack_files.project import Project, StackFile
from realtimekit_provider.redaction import redact

__all__ = ["PREVIEW_TIMEOUT", "parse_preview", "run_first_preview", "run_preview"]

PREVIEW_TIMEOUT = 900.0
"""Seconds after which a preview is ended."""

_ENVIRONMENT = {"PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
_LONGEST_ERROR = 2000


def run_preview(
    project: Project,
    stack: str,
    *,
    refresh: bool = False,
    excluded: Collection[str] = (),
    timeout: float = PREVIEW_TIMEOUT,
) -> StackPreview:
    """Return what a deployment of a stack would do, also where the preview fails.

    Args:
        project: The project.
        stack: The stack's name.
        refresh: Whether to ask the API and the clouds first how everything is.
        excluded: The URNs of resources that are left as they are, and not checked.
        timeout: Seconds after which the preview is ended.

    Raises:
        CommandError: There is no Pulumi CLI, or the time was over.
    """
    flags = ["--refresh"] if refresh else []
    flags += [f"--exclude={urn}" for urn in excluded]
    done = _call(project, stack, flags, _ENVIRONMENT, timeout)
    return parse_preview(stack, done.returncode, done.stdout, done.stderr)


def run_first_preview(
    project: Project, file: StackFile, *, timeout: float = PREVIEW_TIMEOUT
) -> StackPreview:
    """Return what the first deployment of a stack would do that the backend does not know yet.

    Args:
        project: The project.
        file: The stack's file.
        timeout: Seconds after which the preview is ended.

    Raises:
        CommandError: There is no Pulumi CLI, or the time was over.
    """
    with open_empty_backend(project, file) as backend:
        done = _call(project, file.stack, (), {**_ENVIRONMENT, **backend}, timeout)
    found = parse_preview(file.stack, done.returncode, done.stdout, done.stderr)
    # Whatever may be missing, nothing of a new stack runs that a deployment could end.
    return replace(found, is_new=True, is_partial=False)


def _call(
    project: Project,
    stack: str,
    flags: Sequence[str],
    environment: Mapping[str, str],
    timeout: float,
) -> CompletedProcess[str]:
    with open_config_copy(project, stack) as copy:
        own = ("--json", "--stack", stack, "--config-file", str(copy))
        return PulumiCli(project.folder).run(
            "preview", *own, *flags, timeout=timeout, environment=environment
        )


def parse_preview(stack: str, exit_code: int, output: str, errors: str) -> StackPreview:
    """Return what a preview says that has ended.

    Args:
        stack: The stack's name.
        exit_code: What the CLI exited with.
        output: What it wrote to stdout: an event a line.
        errors: What it wrote to stderr: why it could not even begin.
    """
    events = parse_events(output)
    messages = parse_messages(events)
    error = None
    if exit_code != 0:
        printed = redact(errors).strip().removeprefix("error: ")[:_LONGEST_ERROR]
        error = find_error(messages) or printed or f"the Pulumi CLI exited with {exit_code}"
    changes, endings = parse_changes(events, messages), parse_endings(events)
    code = get_failure_code(messages, exit_code)
    is_partial = error is not None and code != ExitCode.NO_STACK
    return StackPreview(
        stack, changes, messages, error, code, endings=endings, is_partial=is_partial
    )
