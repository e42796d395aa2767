"""A stack's config that declares nothing: where it was looked for, and what nearly fits.

A program that declares nothing deletes everything that its stack has, and a provider cannot tell
that from a ``destroy``. So a config in the wrong place, or under another key, is told before.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from realtimekit_provider.program.misplaced_files import (
    advise_move,
    find_misplaced_files,
    is_generated_file,
)
from realtimekit_provider.program.project_files import PROJECT_FILES, find_project_file
from realtimekit_provider.schema.suggestions import closest_match

__all__ = ["StackFiles", "describe_empty_config", "find_similar_keys", "find_stack_files"]

_CONFIG_FOLDER = re.compile(
    r"""^[ \t{]*["']?stackConfigDir["']?[ ]*:[ ]*["']?([^"'#,}\n]+)""", re.MULTILINE
)

_IDS = {"realtimekit:accountId": "ACCOUNT_ID", "realtimekit:appId": "APP_ID"}
_REFUSED = (
    "An empty config is refused before anything is changed, since its deployment would stop and "
    "delete everything that the stack declared before"
)
_ALLOW_EMPTY = "and set realtimekit:allowEmpty to true where something was declared before"
_FIRST_RECORDING = (
    "      realtimekit:recordings:",
    "        standup:",
    "          meeting_id: MEETING_ID",
    "          layers:",
    "            default: {}",
)


@dataclass(frozen=True)
class StackFiles:
    """The files with the name of a stack's config, relative to the project where they are in it.

    Attributes:
        expected: The one that Pulumi reads.
        exists: Whether it is there.
        others: Those in other folders, or nearly of that name, which Pulumi does not read.
        project: The name of the project's own file.
        is_generated: Whether the expected one holds only what Pulumi writes for a new stack.
    """

    expected: str
    exists: bool
    others: Sequence[str] = ()
    project: str = PROJECT_FILES[0]
    is_generated: bool = False


def find_stack_files(folder: Path, stack: str) -> StackFiles:
    """Find the config of a stack, and files that look like it, in and one folder below a project.

    Args:
        folder: Where the program runs: the folder of ``Pulumi.yaml``, or one below it.
        stack: The stack's name, without organization and project.
    """
    project_file = find_project_file(folder) or folder / PROJECT_FILES[0]
    project = project_file.parent
    name = f"Pulumi.{stack}{project_file.suffix}"
    config_folder = _read_config_folder(project_file)
    # The engine looks below the project also where the folder begins with a slash.
    expected = Path(os.path.normpath(f"{project}/{config_folder}/{name}"))
    others = dict.fromkeys((project / name, *sorted(project.glob(f"*/{name}"))))
    if Path(config_folder).is_absolute():
        others[Path(config_folder, name)] = None
    for misplaced in find_misplaced_files(project_file, expected.parent):
        if misplaced.expected == expected:
            others[misplaced.path] = None
    return StackFiles(
        expected=os.path.relpath(expected, project),
        exists=expected.is_file(),
        others=tuple(
            _format_path(file, project) for file in others if file != expected and file.is_file()
        ),
        project=project_file.name,
        is_generated=expected.is_file() and is_generated_file(expected),
    )


def describe_empty_config(
    expected_keys: Sequence[str], keys: Collection[str], files: StackFiles
) -> str:
    """Return the text of the error for a config with none of the keys that declare something.

    Args:
        expected_keys: The keys that declare something, with their namespace.
        keys: The keys that the config has.
        files: Where the config was looked for.
    """
    similar = find_similar_keys(expected_keys, keys)
    is_misplaced = bool(similar or files.others)
    summary = f"the stack's config declares nothing: it has neither {' nor '.join(expected_keys)}"
    if not is_misplaced:
        summary += f". Write the first recording into {files.expected}"
    lines = [
        summary,
        *(f"  {key} is not read: write {meant}" for key, meant in similar.items()),
        *(f"  {line}" for line in _list_files(files)),
        *(() if is_misplaced else _build_example(keys)),
        f"  {_REFUSED}",
        f"  If nothing is to be declared, say so: '{expected_keys[-1]}: {{}}', {_ALLOW_EMPTY}",
    ]
    return "\n".join(lines)


def _list_files(files: StackFiles) -> Iterator[str]:
    if files.others or not files.exists:
        yield f"Pulumi reads {files.expected}, which {_describe_presence(files)}"
    for other in files.others:
        yield f"{other} exists, but is not read: {_advise_move(other, files)}"
    if not files.exists and not files.others:
        yield (
            "With the Automation API, stack_settings are written to the project's own folder: "
            f"leave stackConfigDir out of {files.project} there, or use set_all_config"
        )


def _build_example(keys: Collection[str]) -> Iterator[str]:
    yield "    config:"
    for key, value in _IDS.items():
        if key not in keys:
            yield f"      {key}: {value}"
    yield from _FIRST_RECORDING


def find_similar_keys(expected_keys: Sequence[str], keys: Collection[str]) -> dict[str, str]:
    """Return the keys that nearly are an expected one, each with the one that it may mean.

    Args:
        expected_keys: The keys that declare something, with their namespace.
        keys: The keys that the config has.
    """
    by_name = {key.partition(":")[2]: key for key in expected_keys}
    meant = {key: closest_match(key.partition(":")[2], by_name) for key in sorted(keys)}
    return {key: by_name[name] for key, name in meant.items() if name is not None}


def _format_path(file: Path, project: Path) -> str:
    return str(file.relative_to(project) if project in file.parents else file)


def _read_config_folder(file: Path) -> str:
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = _CONFIG_FOLDER.search(text)
    return found[1].strip() if found else ""


def _describe_presence(files: StackFiles) -> str:
    if files.is_generated:
        return "exists and sets nothing: Pulumi itself makes such a file for a new stack"
    return "exists" if files.exists else "does not exist"


def _advise_move(other: str, files: StackFiles) -> str:
    file, expected = PurePath(other), PurePath(files.expected)
    advice = advise_move(file, expected)
    has_its_name = file.name == expected.name
    return f"{advice}, or change stackConfigDir in {files.project}" if has_its_name else advice
