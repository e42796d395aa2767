"""The stacks of a project: those of the backend with their states, those of the files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.inventory.stacks import KnownStack
from realtimekit_provider.cli.parallel import map_parallel
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo, list_stacks, read_state
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.file_config import FileConfig, read_stack_file
from realtimekit_provider.cli.stack_files.project import Project, list_stack_files
from realtimekit_provider.cli.stack_files.yaml_reader import YamlFile, YamlMistakeError
from realtimekit_provider.program.read import read_stack

__all__ = ["API_TOKEN", "StacksFound", "find_stacks"]

API_TOKEN = "cloudflare:apiToken"  # noqa: S105  # the key of a stack's config
"""The key of a stack's config under which its token is."""

_PROCESSES = 4


@dataclass(frozen=True)
class StacksFound:
    """The stacks of a project.

    Attributes:
        stacks: Those of the backend and those of the files, by name.
        failures: What could not be read, in words: a state's are errors.
        notes: Which files could not be read, in words.
    """

    stacks: tuple[KnownStack, ...]
    failures: tuple[str, ...]
    notes: tuple[str, ...]


def find_stacks(cli: PulumiCli, project: Project) -> StacksFound:
    """Return the stacks of a project, each with its state: one call of the CLI a stack.

    Raises:
        CommandError: The backend does not answer.
    """
    in_backend = {one.short_name: one for one in list_stacks(cli)}
    files = {file.stack: file.path for file in list_stack_files(project)}
    notes: list[str] = []
    stacks = []
    for name in sorted({*in_backend, *files}):
        try:
            path = files.get(name)
            config = read_stack_file(path, project) if path else FileConfig(_EMPTY, project)
        except YamlMistakeError as error:
            notes.append(f"Pulumi.{name}{project.file.suffix}:{error.line}: {error.reason}")
            config = FileConfig(_EMPTY, project)
        stacks.append(_describe_stack(name, project, config))
    return _add_states(cli, stacks, in_backend, notes)


_EMPTY = YamlFile({}, {})


def _describe_stack(name: str, project: Project, config: FileConfig) -> KnownStack:
    declared, _failures = read_stack(config)
    return KnownStack(
        name,
        project.name,
        settings=declared.settings,
        declared=declared.recordings,
        has_encrypted_token=config.is_secret(API_TOKEN) or config.imports_environments,
    )


def _add_states(
    cli: PulumiCli,
    stacks: Sequence[KnownStack],
    in_backend: dict[str, StackInfo],
    notes: Sequence[str],
) -> StacksFound:
    failures: list[str] = []

    def add_state(stack: KnownStack) -> KnownStack:
        info = in_backend.get(stack.name)
        if info is None:
            return replace(stack, is_in_backend=False)
        try:
            state = read_state(cli, info.name)
        except CommandError as error:
            failures.append(f"the state of stack {stack.name} cannot be read: {error}")
            return stack
        return replace(stack, state=state, is_updating=info.is_updating)

    found = tuple(map_parallel(add_state, stacks, _PROCESSES))
    return StacksFound(found, tuple(failures), tuple(notes))
