"""The project's own file, and the files of its stacks."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from realtimekit_provider.cli.stack_files.names import parse_stack_name
from realtimekit_provider.cli.stack_files.yaml_reader import YamlMistakeError, parse_yaml
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.program.misplaced_files import (
    MisplacedFile,
    advise_move,
    find_misplaced_files,
    is_generated_file,
)
from realtimekit_provider.program.project_files import PROJECT_FILES, find_project_file

__all__ = [
    "Project",
    "StackFile",
    "describe_misplaced_files",
    "describe_missing_file",
    "describe_missing_files",
    "find_project",
    "find_stack_file",
    "get_stack_file_path",
    "list_stack_files",
    "parse_file_name",
    "summarize_missing_files",
]


@dataclass(frozen=True)
class Project:
    """A Pulumi project on disk.

    Attributes:
        name: Its name, as in the URN of its resources.
        file: Its own file.
        config_folder: The folder of its stacks' files.
        config: What it sets for all its stacks, by key with the namespace.
        backend_url: The backend that it names; empty without.
    """

    name: str
    file: Path
    config_folder: Path
    config: Mapping[str, Any] = field(default_factory=dict)
    backend_url: str = ""

    @property
    def folder(self) -> Path:
        """The folder of the project's own file."""
        return self.file.parent

    @property
    def repository(self) -> Path:
        """The top folder of the git repository that the project is in; its own where it is none."""
        folders = (self.folder, *self.folder.parents)
        return next((one for one in folders if (one / ".git").exists()), self.folder)


@dataclass(frozen=True)
class StackFile:
    """The config of one stack.

    Attributes:
        stack: The stack's name, without organization and project.
        path: The file.
    """

    stack: str
    path: Path


def find_project(folder: Path) -> Project:
    """Return the project that ``folder`` is in, as the Pulumi CLI would find it.

    Raises:
        SettingsError: There is none, or its file cannot be read.
    """
    start = folder.resolve()
    if not start.is_dir():
        raise SettingsError(f"there is no folder {folder}: name the project's folder with --cwd")
    file = find_project_file(start)
    if file is None:
        raise SettingsError(
            f"there is no Pulumi.yaml in {folder} or above it: run the command in the project's "
            "folder, or name that with --cwd"
        )
    content = _read_mapping(file)
    name = str(content.get("name", ""))
    # The engine looks below the project also where the folder begins with a slash.
    config_folder = str(content.get("stackConfigDir") or "").lstrip("/")
    config = dict(_list_config(content.get("config"), name))
    backend = content.get("backend")
    backend_url = str(backend.get("url", "")) if isinstance(backend, Mapping) else ""
    return Project(name, file, (file.parent / config_folder).resolve(), config, backend_url)


def list_stack_files(project: Project) -> list[StackFile]:
    """Return the files of the project's stacks, by the stacks' names.

    What has the name of one and is none, such as a folder, is among them.
    """
    suffix = project.file.suffix
    return [
        StackFile(stack, file)
        for file in sorted(project.config_folder.glob(f"Pulumi.?*{suffix}"))
        if (stack := parse_file_name(file.name, suffix)) is not None
    ]


def find_stack_file(
    project: Project, name: str, files: Iterable[StackFile] | None = None
) -> StackFile | None:
    """Return the file of a stack, ``None`` where it has none.

    As for the Pulumi CLI, its name is made of the last part of the stack's, so that stacks of
    several organizations share one, and upper and lower case differ. A stack that is named with
    another project has no file here.

    Args:
        project: The project.
        name: The stack's name, in any form that the Pulumi CLI takes.
        files: The files of the project's stacks, which are listed by default.

    Source: ``ProjectStackPath`` of the Pulumi CLI.
    """
    wanted = parse_stack_name(name, project.name)
    if wanted.project is not None:
        return None
    listed = list_stack_files(project) if files is None else files
    return next((one for one in listed if one.stack == wanted.short), None)


def get_stack_file_path(project: Project, name: str) -> Path:
    """Return where the Pulumi CLI looks for the file of a stack, whether or not it is there.

    Args:
        project: The project.
        name: The stack's name, in any form that the Pulumi CLI takes.
    """
    short_name = parse_stack_name(name).short
    return project.config_folder / f"Pulumi.{short_name}{project.file.suffix}"


def parse_file_name(file_name: str, suffix: str) -> str | None:
    """Return the stack that a file of this name is of, ``None`` where it is no stack's.

    Args:
        file_name: The file's name, without its folder.
        suffix: The end of the project's own file, which those of its stacks have as well.
    """
    is_named = file_name.startswith("Pulumi.") and file_name.endswith(suffix)
    if not is_named or file_name in PROJECT_FILES:
        return None
    return file_name.removeprefix("Pulumi.").removesuffix(suffix) or None


def describe_misplaced_files(project: Project) -> dict[str, str]:
    """Return what to do about files that look like a stack's and are not read, by their paths.

    The paths are relative to the project's folder.
    """
    found = find_misplaced_files(project.file, project.config_folder)
    return {
        os.path.relpath(one.path, project.folder): _describe_misplaced_file(one, project)
        for one in found
    }


def describe_missing_file(
    project: Project, stacks: Sequence[str], files: Iterable[StackFile]
) -> str:
    """Return that stacks have no file, which ones there are, and which nearly are a stack's.

    Args:
        project: The project.
        stacks: The stacks' names.
        files: The files that there are.
    """
    folder = os.path.relpath(project.config_folder, project.folder)
    known = ", ".join(file.stack for file in files) or "none"
    named = ", ".join(stacks)
    notes = _list_misplaced_files(project)
    return f"there is no file of stack {named} in {folder} (there: {known}){notes}"


def describe_missing_files(project: Project) -> str:
    """Return what to do where no stack has a file, and which files nearly are a stack's."""
    name = os.path.relpath(get_stack_file_path(project, "NAME"), project.folder)
    notes = _list_misplaced_files(project)
    return (
        f"{summarize_missing_files(project)}: write {name} with what stack NAME records, "
        f"and create the stack with 'pulumi stack init NAME'{notes}"
    )


def summarize_missing_files(project: Project) -> str:
    """Return that no stack has a file, and where one was looked for."""
    folder = os.path.relpath(project.config_folder, project.folder)
    return f"there is no stack's file in {folder}"


def _list_misplaced_files(project: Project) -> str:
    """Return a line for each."""
    misplaced = describe_misplaced_files(project)
    return "".join(f"\n  {path} {note}" for path, note in misplaced.items())


def _describe_misplaced_file(file: MisplacedFile, project: Project) -> str:
    path, expected = (
        PurePath(os.path.relpath(one, project.folder)) for one in (file.path, file.expected)
    )
    if file.expected.is_file() and not is_generated_file(file.expected):
        return f"is not read, but {expected} is: move what it sets there, or delete it"
    return f"is not read: {advise_move(path, expected)}"


def _list_config(config: Any, namespace: str) -> Iterator[tuple[str, Any]]:
    """Yield the key and the value of each entry of the project's own config that has one."""
    for key, entry in config.items() if isinstance(config, Mapping) else ():
        qualified = key if ":" in key else f"{namespace}:{key}"
        if not isinstance(entry, Mapping):
            yield qualified, entry
        elif "value" in entry or "default" in entry:
            yield qualified, entry.get("value", entry.get("default"))


def _read_mapping(file: Path) -> Mapping[str, Any]:
    try:
        return parse_yaml(file.read_text(encoding="utf-8")).content
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file} cannot be read: {type(error).__name__}") from None
    except YamlMistakeError as error:
        raise SettingsError(f"{file}:{error.line}: {error.reason}") from None
