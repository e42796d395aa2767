"""The previews of a project's stacks, failed ones included."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from functools import partial

from realtimekit_provider.cli.changes.messages import list_failed_resources
from realtimekit_provider.cli.changes.preview import run_first_preview, run_preview
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.parallel import map_parallel
from realtimekit_provider.cli.stack_files.names import drop_repeated_names
from realtimekit_provider.cli.stack_files.project import Project, find_stack_file
from realtimekit_provider.cli.stack_files.validate import FileReport
from realtimekit_provider.redaction import redact
from realtimekit_provider.schema.urn import TYPES

__all__ = ["add_hidden_changes", "create_failed_preview", "preview_stacks"]

_MOST_PREVIEWS = 4
_RECORDING = f"{TYPES}:TrackRecording::"


def preview_stacks(
    project: Project,
    stacks: Sequence[str],
    reports: Sequence[FileReport],
    *,
    refresh: bool = False,
    parallel: int = 4,
    is_review: bool = False,
) -> list[StackPreview]:
    """Return the previews of a project's stacks, failed ones included.

    A stack whose file has a mistake is not previewed: the mistakes are its error.

    Args:
        project: The project.
        stacks: The names of the stacks, each once however it is written.
        reports: What is known of the files of these stacks; a stack without one has no file.
        refresh: Whether to ask the API and the clouds first how everything is.
        parallel: How many previews run at a time.
        is_review: Whether as much is told as can be known: a stack that has a file, and that the
            backend does not know yet, is previewed as its first deployment, and where a resource
            fails, the others are previewed without it. Otherwise either is an error alone.
    """
    names = drop_repeated_names(stacks, project.name)
    preview = partial(
        _preview_stack, project, reports=reports, refresh=refresh, is_review=is_review
    )
    return map_parallel(preview, names, parallel)


def create_failed_preview(name: str, text: str, code: ExitCode) -> StackPreview:
    """Return the preview of a stack that could not be previewed.

    Args:
        name: The stack's name.
        text: Why, for a person; credentials are removed.
        code: The exit code of that error.
    """
    return StackPreview(name, error=redact(text), exit_code=code, is_partial=True)


def add_hidden_changes(
    failed: StackPreview, preview_without: Callable[[Collection[str]], StackPreview]
) -> StackPreview:
    """Return a failed preview with what happens to the resources that did not fail.

    The engine stops at a failure: what it has said until then is a matter of time, and of what is
    no longer declared it says nothing.

    Args:
        failed: The preview.
        preview_without: Previews the stack again, without the resources of these URNs.
    """
    excluded: list[str] = []
    for _ in range(_MOST_PREVIEWS):
        more = [urn for urn in list_failed_resources(failed.messages) if urn not in excluded]
        if not more:
            break
        excluded += more
        try:
            rest = preview_without(excluded)
        except CommandError:
            break
        failed = _add_rest(failed, rest)
        if not rest.is_failed:
            # What depends on another resource was previewed with what that was before.
            return replace(failed, is_partial=not all(_RECORDING in urn for urn in excluded))
    return failed


def _add_rest(failed: StackPreview, rest: StackPreview) -> StackPreview:
    # A resource that would be new and is left out is told as one that stays.
    added = [one for one in rest.changes if one.operation != "same" or one.before is not None]
    changes = {(one.urn, one.is_leftover): one for one in (*added, *failed.changes)}
    return replace(
        failed,
        changes=tuple(changes[key] for key in sorted(changes)),
        messages=tuple(dict.fromkeys((*failed.messages, *rest.messages))),
        endings=tuple(dict.fromkeys((*failed.endings, *rest.endings))),
    )


def _preview_stack(
    project: Project, name: str, *, reports: Sequence[FileReport], refresh: bool, is_review: bool
) -> StackPreview:
    known = {one.file: one for one in reports}
    file = find_stack_file(project, name, known)
    if file is not None and known[file].mistakes:
        path = os.path.relpath(file.path, project.folder)
        lines = [
            line
            for one in known[file].mistakes
            for line in (f"{path}:{one.line}: {one}", *one.advice)
        ]
        return create_failed_preview(name, "\n".join(lines), ExitCode.CONFIGURATION)
    try:
        preview = run_preview(project, name, refresh=refresh)
        if is_review and file is not None and preview.exit_code == ExitCode.NO_STACK:
            return replace(run_first_preview(project, file), stack=name)
    except CommandError as error:
        return create_failed_preview(name, str(error), error.code)
    if is_review and preview.is_failed:
        return add_hidden_changes(
            preview, lambda urns: run_preview(project, name, refresh=refresh, excluded=urns)
        )
    return preview
