"""The checks of stacks' files, and of what the secrets provider makes of them."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.checks.texts import (
    count,
    describe_cli_error,
    join_names,
    join_sentences,
)
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.pulumi_cli.commands import format_command
from realtimekit_provider.cli.stack_files.project import (
    Project,
    describe_misplaced_files,
    summarize_missing_files,
)
from realtimekit_provider.cli.stack_files.shared_meetings import find_shared_meetings
from realtimekit_provider.cli.stack_files.validate import FileReport
from realtimekit_provider.engine.advised_commands import add_stack_option

__all__ = ["check_config", "check_files", "check_secrets"]

_PROVIDERS = {
    "passphrase": "set PULUMI_CONFIG_PASSPHRASE, or PULUMI_CONFIG_PASSPHRASE_FILE, to what the "
    "stack was made with",
    "cloud": "give this machine the key service's credentials and the right to decrypt",
    "service": "log in to Pulumi Cloud as somebody who may read the stack's secrets",
}


def check_files(project: ExaminedProject) -> CheckResult:
    """Say whether the file of each examined stack is valid; of every one where none is known."""
    return judge_files(
        project.files.get(),
        project.project,
        project.examined,
        describe_misplaced_files(project.project),
    )


def judge_files(
    every: Sequence[FileReport],
    project: Project,
    examined: Collection[str],
    misplaced: Mapping[str, str],
) -> CheckResult:
    """Return the first mistakes of the examined stacks' files, or that there are none.

    Args:
        every: What was read of each file of the project.
        project: The project.
        examined: The stacks; without any, all that have a file.
        misplaced: What to do about files that look like a stack's and are not read, by path.
    """
    folder = os.path.relpath(project.config_folder, project.folder)
    unread = [f"{path} {note}" for path, note in misplaced.items()]
    if not every and not examined:
        return CheckResult.fail(
            join_sentences([summarize_missing_files(project), *unread]),
            "move it there" if unread else "run 'pulumi stack init NAME', or name --cwd",
        )
    reports = {one.file.stack: one for one in every if not examined or one.file.stack in examined}
    mistakes = [
        f"{os.path.relpath(report.file.path, project.folder)}:{mistake.line}: {mistake}"
        for report in reports.values()
        for mistake in report.mistakes
    ]
    if mistakes:
        return CheckResult.fail(
            join_sentences(mistakes), "fix what 'realtimekit check' lists, in the stack's file"
        )
    missing = [stack for stack in examined if stack not in reports]
    if missing:
        seen = f"stack {join_names(missing)} has no file in {folder}"
        return CheckResult.warn(
            join_sentences([f"{seen}, so its config declares nothing", *unread]),
            "move it there" if unread else "put it there, or name another stack with --stack",
        )
    shared = [
        f"stack {one.stack}: {one.mistake}"
        for one in find_shared_meetings(every)
        if one.stack in reports
    ]
    if shared:
        return CheckResult.warn(join_sentences(shared), "let one stack record each meeting")
    return CheckResult.ok(f"{count(len(reports), 'file')} without mistakes")


def check_secrets(stack: ExaminedStack) -> CheckResult:
    """Say whether the secrets provider decrypts the stack's config and its state."""
    kind = _find_provider(stack)
    try:
        stack.config.get()
        stack.decrypted_state.get()
        is_decrypted = stack.has_ciphertext()
        is_proven = is_decrypted or stack.prove_passphrase()
    except CommandError as error:
        fix = _PROVIDERS.get(kind, _PROVIDERS["cloud"])
        return CheckResult.fail(describe_cli_error(error), fix)
    if not is_proven:
        return CheckResult.skip(
            f"not proven ({kind}): neither config nor state holds an encrypted value yet"
        )
    if not is_decrypted:
        return CheckResult.ok("the passphrase is the stack's; nothing is encrypted by it yet")
    return CheckResult.ok(f"config and state are decrypted ({kind})")


def check_config(stack: ExaminedStack) -> CheckResult:
    """Say whether the decrypted config and the environment say what a deployment can use."""
    stack.config.require()
    file = stack.file
    if file is not None and file.mistakes:
        return CheckResult.skip("not examined, because of 'stack-files'")
    _declared, failures = stack.read_declared()
    if failures:
        return CheckResult.fail(
            join_sentences([add_stack_option(str(one), stack.name) for one in failures]),
            f"set it by '{format_command('config set KEY', stack.name)}', with --secret for a "
            "credential, or in the environment",
        )
    return CheckResult.ok("the decrypted values are valid")


def _find_provider(stack: ExaminedStack) -> str:
    deployment: Any = stack.exported.require().get("deployment") or {}
    provider = deployment.get("secrets_providers") or {}
    return str(provider.get("type") or "no secrets provider is named")
