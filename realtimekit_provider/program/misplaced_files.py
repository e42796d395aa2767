"""Files that nearly are the config of a stack: Pulumi ignores them without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

__all__ = ["MisplacedFile", "advise_move", "find_misplaced_files", "is_generated_file"]

_LARGEST_FILE = 1 << 20
_NAME = re.compile(r"(pulumi\.)?(?P<stack>.+)\.(?:ya?ml|json)", re.IGNORECASE)
_CONFIG = re.compile(r"""^[ \t{]*["']?(?:config|realtimekit:\w+)["']?[ ]*:""", re.MULTILINE)
_GENERATED_LINE = re.compile(r"(?:encryptionsalt|encryptedkey|secretsprovider):.*|#.*|---|")


@dataclass(frozen=True)
class MisplacedFile:
    """A file that Pulumi does not read, and the one that it reads instead.

    Attributes:
        path: The file.
        expected: Where the config of the stack belongs that it seems to be of.
    """

    path: Path
    expected: Path


def find_misplaced_files(project_file: Path, config_folder: Path) -> list[MisplacedFile]:
    """Return the files of the two folders that look like a stack's config and are not read.

    They have another ending, another case, no ``Pulumi.`` before the stack's name, or stand
    beside the project's own file where its stacks have a folder.

    Args:
        project_file: The project's own file; those of its stacks have its ending.
        config_folder: The folder of the stacks' files.
    """
    folders = dict.fromkeys((config_folder, project_file.parent))
    return [
        found
        for folder in folders
        for file in _list_files(folder)
        for found in _find_expected(file, project_file, config_folder)
    ]


def advise_move(file: PurePath, expected: PurePath) -> str:
    """Return what to do so that a stack's config is where Pulumi reads it."""
    verb = "rename" if file.parent == expected.parent else "move"
    return f"{verb} it to {expected}"


def is_generated_file(file: Path) -> bool:
    """Whether a stack's file holds nothing but what Pulumi itself writes for a new stack."""
    return all(_GENERATED_LINE.fullmatch(line.strip()) for line in _read(file).splitlines())


def _list_files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []


def _find_expected(file: Path, project_file: Path, folder: Path) -> Iterator[MisplacedFile]:
    found = _NAME.fullmatch(file.name)
    if found is None or found["stack"].lower() == "pulumi":
        return
    expected = folder / f"Pulumi.{found['stack']}{project_file.suffix}"
    has_prefix = found[1] is not None
    # Without the prefix, only what stands among stacks' files and reads like one is meant as one.
    is_meant = has_prefix or (file.parent == folder != project_file.parent and _is_config(file))
    if is_meant and file != expected:
        yield MisplacedFile(file, expected)


def _is_config(file: Path) -> bool:
    return _CONFIG.search(_read(file)) is not None


def _read(file: Path) -> str:
    try:
        with file.open(encoding="utf-8", errors="replace") as opened:
            return opened.read(_LARGEST_FILE)
    except OSError:
        return ""
