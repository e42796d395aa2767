"""The stacks of a project: those of the backend with their states, those of the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from realtimekit_provider.cli.deployments.file_locks import (
    StackLock,
    is_deployed_now,
    list_file_locks,
)
from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.cli.inventory.stacks import KnownStack
from realtimekit_provider.cli.parallel import map_parallel
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo, list_stacks, read_state
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.file_config import FileConfig, read_stack_file
from realtimekit_provider.cli.stack_files.project import (
    Project,
    find_stack_file,
    list_stack_files,
)
from realtimekit_provider.cli.stack_files.yaml_reader import YamlFile, YamlMistakeError
from realtimekit_provider.program.read import read_stack

__all__ = ["API_TOKEN", "StacksFound", "find_stacks"]

API_TOKEN = "cloudflare:apiToken"  # noqa: S105  # the key of a stack's config
"""The key of a stack's config under which its token is."""

_PROCESSES = 4
_NO_STACK = "no stack named"


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


def find_stacks(cli: PulumiCli, project: Project, backend_url: str) -> StacksFound:
    """Return the stacks of a project, each with its state: one call of the CLI a stack.

    Where the backend does not list them, those that have a file are tried.

    Args:
        cli: The CLI, in the project's folder.
        project: The project.
        backend_url: The backend's URL, which tells where the locks of deployments are.
    """
    files = list_stack_files(project)
    in_backend, failures = _list_stacks(cli, [file.stack for file in files])
    infos = _name_stacks(in_backend)
    undeployed = {file.stack for file in files}
    undeployed -= {one.parts.short for one in in_backend}
    notes: list[str] = []
    stacks = []
    for name in sorted({*infos, *undeployed}):
        file = find_stack_file(project, name)
        try:
            config = read_stack_file(file.path, project) if file else FileConfig(_EMPTY, project)
        except YamlMistakeError as error:
            path = file.path.name if file else ""
            notes.append(f"{path}:{error.line}: {error.reason}")
            config = FileConfig(_EMPTY, project)
        described = _describe_stack(name, project, config, infos.get(name))
        stacks.append(_add_deployment(described, project, backend_url))
    found = _add_states(cli, stacks, notes)
    return replace(found, failures=(*failures, *found.failures))


def _list_stacks(cli: PulumiCli, names: Sequence[str]) -> tuple[list[StackInfo], list[str]]:
    """Return the stacks of the backend, and why they are only those that have a file.

    The Pulumi CLI lists none where the state of one cannot be read.
    """
    try:
        return list_stacks(cli), []
    except CommandError as error:
        failure = f"the backend's stacks cannot be listed, so those with a file are tried: {error}"
        tried = [StackInfo(name) for name in names]
        return tried, [failure]


def _name_stacks(stacks: Sequence[StackInfo]) -> dict[str, StackInfo]:
    """Return the stacks by their names, each of which the CLI takes and is of one alone."""
    number = Counter(one.parts.short for one in stacks)
    return {one.name if number[one.parts.short] == 1 else str(one.parts): one for one in stacks}


_EMPTY = YamlFile({}, {})


def _describe_stack(
    name: str, project: Project, config: FileConfig, info: StackInfo | None
) -> KnownStack:
    declared, _failures = read_stack(config)
    return KnownStack(
        name,
        project.name,
        settings=declared.settings,
        declared=declared.recordings,
        has_encrypted_token=config.is_secret(API_TOKEN) or config.imports_environments,
        info=info,
    )


def _add_deployment(stack: KnownStack, project: Project, backend_url: str) -> KnownStack:
    def list_locks() -> list[StackLock] | None:
        return list_file_locks(backend_url, project, stack.short_name)

    return replace(stack, is_deployed_now=is_deployed_now(stack.info, backend_url, list_locks))


def _add_states(cli: PulumiCli, stacks: Sequence[KnownStack], notes: Sequence[str]) -> StacksFound:
    failures: list[str] = []

    def add_state(stack: KnownStack) -> KnownStack:
        if not stack.is_in_backend:
            return stack
        try:
            return replace(stack, state=read_state(cli, stack.name))
        except CommandError as error:
            if _NO_STACK in str(error):
                return replace(stack, info=None)
            failures.append(f"the state of stack {stack.name} cannot be read: {error}")
            return stack

    found = map_parallel(add_state, stacks, _PROCESSES)
    own = tuple(one for one in found if one.is_of_project)
    others = [one for one in found if not one.is_of_project]
    notes = [*notes, *map(_describe_other_project, others)]
    return StacksFound(own, tuple(failures), tuple(notes))


def _describe_other_project(stack: KnownStack) -> str:
    other = stack.state.project if stack.state else None
    return f"stack {stack.name} of the backend is of project {other}, and is left out"
