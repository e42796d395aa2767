"""Everything that the list needs, read from the backend, the stacks' files and the API."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from realtimekit_provider.cli.call_errors import (
    WRONG_APP_ADVICE,
    describe_call_error,
    get_host,
)
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode, get_exit_code
from realtimekit_provider.cli.inventory.apps import AppsRead, Selection, list_apps, read_apps
from realtimekit_provider.cli.inventory.backend_stacks import API_TOKEN, StacksFound, find_stacks
from realtimekit_provider.cli.inventory.filters import RowFilter, sort_rows
from realtimekit_provider.cli.inventory.join import join_recordings
from realtimekit_provider.cli.inventory.meetings import explain_unknown_meeting
from realtimekit_provider.cli.inventory.report import Report
from realtimekit_provider.cli.inventory.stacks import App, KnownStack
from realtimekit_provider.cli.pulumi_cli.backend import decrypt_config, describe_backend, find_stack
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.project import Project
from realtimekit_provider.errors import NotFoundError

__all__ = ["build_report"]


def build_report(
    project: Project, cli: PulumiCli, row_filter: RowFilter, print_message: Callable[[str], None]
) -> Report:
    """Return the recordings of a project's apps, joined with the states of its stacks.

    Two calls of the CLI, and one a stack; one more for a token that has to be decrypted.

    Args:
        project: The project.
        cli: The CLI, in the project's folder.
        row_filter: Which rows are wanted.
        print_message: Is told about pauses, and about a token that is decrypted.

    Raises:
        CommandError: Nobody is logged in, there is no such stack, or no app to ask.
        SettingsError: There is no token, or a setting is not usable.
    """
    backend = describe_backend(cli)
    found = find_stacks(cli, project, backend.url)
    names = _resolve_names(row_filter.stacks, found.stacks, project)
    row_filter = replace(row_filter, stacks=names)
    has_stack = any(stack.is_in_backend for stack in found.stacks)
    apps = _select_apps(list_apps(found.stacks), row_filter.stacks, needs_stack=has_stack)
    if not apps and found.failures:
        raise CommandError("\n".join(found.failures))
    if not apps:
        raise _build_no_app_error(found.stacks)
    notes = found.notes if has_stack or names else (*found.notes, _describe_no_stack(found.stacks))
    selection = Selection(row_filter.meeting_id, row_filter.newer_than)
    read = read_apps(apps, selection, _find_token(cli, print_message), print_message)
    rows = join_recordings(
        read.listed, found.stacks, read.now, read.errors, live_meetings=read.live_meetings
    )
    is_complete = not (read.errors or found.failures)
    meeting_id = row_filter.meeting_id if is_complete else None
    note = explain_unknown_meeting(meeting_id, rows, found.stacks)
    return Report(
        rows=row_filter.select(sort_rows(rows, read.now), read.now),
        total=len(rows),
        total_unstarted=sum(not row.is_started for row in rows),
        now=read.now,
        backend=backend,
        project=project.name,
        stacks=found.stacks,
        apps={app: len(recordings) for app, recordings in read.listed.items()},
        explains_all=row_filter.meeting_id is not None,
        note=note,
        warnings=(*notes, *found.failures, *_describe_errors(read, apps)),
        error_code=_get_code(found, read),
    )


def _resolve_names(
    names: Collection[str], stacks: Sequence[KnownStack], project: Project
) -> list[str]:
    """Return the names by which the stacks are known here that were named in any form."""
    by_info = {stack.info: stack.name for stack in stacks if stack.info is not None}
    undeployed = {stack.name for stack in stacks if stack.info is None}
    found = {name: find_stack(by_info, name, project.name) for name in names}
    unknown = [name for name, info in found.items() if info is None and name not in undeployed]
    if unknown:
        known = ", ".join(stack.name for stack in stacks) or "none"
        raise CommandError(
            f"there is no stack {', '.join(unknown)} in project {project.name} (there: {known})",
            ExitCode.NO_STACK,
        )
    return [name if info is None else by_info[info] for name, info in found.items()]


def _select_apps(
    apps: Mapping[App, Sequence[KnownStack]], names: Collection[str], *, needs_stack: bool
) -> dict[App, Sequence[KnownStack]]:
    """Return the apps of the named stacks, each with all stacks that have recordings in it.

    The stacks that are wanted come first, since the first one says how the API is called.

    Without names, those of stacks that were never deployed are left out where others were: nobody
    may have an app of theirs, as where a file is an example. Where the backend has no stack, its
    states are lost or elsewhere, and what the API has is all that can be known.
    """

    def is_wanted(stack: KnownStack) -> bool:
        return stack.name in names if names else stack.is_in_backend or not needs_stack

    return {
        app: sorted(stacks, key=lambda stack: not is_wanted(stack))
        for app, stacks in apps.items()
        if any(map(is_wanted, stacks))
    }


def _build_no_app_error(stacks: Sequence[KnownStack]) -> CommandError:
    reason = (
        "no state has a recording, and no stack's file names realtimekit:accountId and "
        "realtimekit:appId (CLOUDFLARE_ACCOUNT_ID and REALTIMEKIT_APP_ID would do as well)"
    )
    if not any(stack.is_in_backend for stack in stacks):
        reason = f"{_describe_no_stack(stacks)}. Besides, {reason}"
    return CommandError(f"there is no app to ask: {reason}", ExitCode.CONFIGURATION)


def _describe_no_stack(stacks: Sequence[KnownStack]) -> str:
    names = ", ".join(stack.name for stack in stacks)
    files = f"only files: {names}" if names else "and there is no stack's file"
    return (
        f"the backend has no stack of the project ({files}): see whether PULUMI_BACKEND_URL names "
        "the pipeline's backend"
    )


def _find_token(
    cli: PulumiCli, print_message: Callable[[str], None]
) -> Callable[[Sequence[KnownStack]], str | None]:
    """Return what finds the token for an app of some stacks: of the first one that has any.

    It is the one that the stack's deployments use, so its config wins over the environment. A
    config is decrypted once.
    """
    decrypted: dict[str, str | None] = {}

    def decrypt(stack: str, given: str | None) -> str | None:
        if stack not in decrypted:
            print_message(f"decrypting {API_TOKEN} of stack {stack}, as its deployments do")
            decrypted[stack] = _decrypt_token(cli, stack, given, print_message)
        return decrypted[stack]

    def find_token(stacks: Sequence[KnownStack]) -> str | None:
        for one in stacks:
            given, is_encrypted = one.settings.token, one.has_encrypted_token
            name = one.state.stack if one.state is not None else None
            found = (decrypt(name, given) if name and is_encrypted else None) or given
            if found:
                return found
        return None

    return find_token


def _decrypt_token(
    cli: PulumiCli, stack: str, given: str | None, print_message: Callable[[str], None]
) -> str | None:
    try:
        return decrypt_config(cli, stack, API_TOKEN)
    except CommandError as error:
        if given:
            print_message(f"warning: {error}. CLOUDFLARE_API_TOKEN is used instead of it")
            return None
        advice = "Set what the stack's secrets are encrypted with, or set CLOUDFLARE_API_TOKEN"
        raise CommandError(f"{error}. {advice}", error.code) from None


def _describe_errors(read: AppsRead, apps: Mapping[App, Sequence[KnownStack]]) -> Iterator[str]:
    for app, error in read.errors.items():
        host = get_host(apps[app][0].settings.base_url)
        sentence, advice = describe_call_error(error, host)
        if isinstance(error, NotFoundError):
            advice = WRONG_APP_ADVICE
        yield f"the recordings of app {app[1]} are not shown: {sentence}: {advice}"


def _get_code(found: StacksFound, read: AppsRead) -> ExitCode:
    error = next(iter(read.errors.values()), None)
    if error is not None:
        return get_exit_code(error)
    return ExitCode.ERROR if found.failures else ExitCode.OK
