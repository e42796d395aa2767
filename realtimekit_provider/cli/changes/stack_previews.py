"""The previews of a project's stacks, failed ones included."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from realtimekit_provider.cli.changes.preview import run_first_preview, run_preview
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.parallel import map_parallel
from realtimekit_provider.cli.stack_files.names import drop_repeated_names
from realtimekit_provider.cli.stack_files.project import Project, find_stack_file
from realtimekit_provider.cli.stack_files.validate import validate_stack_file
from realtimekit_provider.redaction import redact

__all__ = ["create_failed_preview", "preview_stacks"]


def preview_stacks(
    project: Project,
    stacks: Sequence[str],
    *,
    refresh: bool = False,
    parallel: int = 4,
    with_new: bool = False,
) -> list[StackPreview]:
    """Return the previews of a project's stacks, failed ones included.

    A stack whose file has a mistake is not previewed: the mistakes are its error.

    Args:
        project: The project.
        stacks: The names of the stacks, each once however it is written.
        refresh: Whether to ask the API and the clouds first how everything is.
        parallel: How many previews run at a time.
        with_new: Whether a stack that has a file, and that the backend does not know yet, is
            previewed as its first deployment; otherwise that is its error.
    """
    names = drop_repeated_names(stacks, project.name)
    preview = partial(_preview_stack, project, refresh=refresh, with_new=with_new)
    return map_parallel(preview, names, parallel)


def create_failed_preview(name: str, text: str, code: ExitCode) -> StackPreview:
    """Return the preview of a stack that could not be previewed.

    Args:
        name: The stack's name.
        text: Why, for a person; credentials are removed.
        code: The exit code of that error.
    """
    return StackPreview(name, error=redact(text), exit_code=code)


def _preview_stack(project: Project, name: str, *, refresh: bool, with_new: bool) -> StackPreview:
    file = find_stack_file(project, name)
    if file is not None:
        path = os.path.relpath(file.path, project.folder)
        found = validate_stack_file(file, project).mistakes
        if found:
            lines = [f"{path}:{mistake.line}: {mistake}" for mistake in found]
            return create_failed_preview(name, "\n".join(lines), ExitCode.CONFIGURATION)
    try:
        preview = run_preview(project, name, refresh=refresh)
        if with_new and file is not None and preview.exit_code == ExitCode.NO_STACK:
            return replace(run_first_preview(project, file), stack=name)
    except CommandError as error:
        return create_failed_preview(name, str(error), error.code)
    return preview
