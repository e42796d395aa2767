"""A stack's file as the config that a program would get, but that nothing is decrypted."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from realtimekit_provider.cli.stack_files.project import Project
from realtimekit_provider.cli.stack_files.yaml_reader import (
    YamlFile,
    YamlMistakeError,
    parse_yaml,
)
from realtimekit_provider.program.references import StackConfig
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.schema.unknown import UNKNOWN, Unknown, contains_unknown

__all__ = ["FileConfig", "read_stack_file"]

_LARGEST_FILE = 1 << 20
_SECURE = "secure"
_KEYS_OF_PULUMI = frozenset(
    {"config", "environment", "encryptedkey", "encryptionsalt", "secretsprovider"}
)


class FileConfig(StackConfig):
    """The config in a stack's file, with what the project's own file sets for all stacks.

    An encrypted value is set and unknown. So is whatever is not set in a file that imports
    environments of Pulumi ESC, since those may set it.

    Args:
        file: The stack's file.
        project: The project that the stack is of.
    """

    def __init__(self, file: YamlFile, project: Project) -> None:
        written = file.content.get("config")
        own = written if isinstance(written, Mapping) else {}
        self._file = file
        self._namespace = project.name
        self._values = {
            **project.config,
            **{self._qualify(key): value for key, value in own.items()},
        }
        self._unqualified = {self._qualify(key) for key in own if ":" not in key}
        self._imports_environments = bool(file.content.get("environment"))

    @property
    def imports_environments(self) -> bool:
        """Whether environments of Pulumi ESC may set what this file leaves out."""
        return self._imports_environments

    @property
    def encryption_salt(self) -> str | None:
        """What the Pulumi CLI tells by whether a passphrase is the right one, if there is one."""
        salt = self._file.content.get("encryptionsalt")
        return salt if isinstance(salt, str) else None

    def get(self, key: str) -> str | Unknown | None:
        """Return the text under ``namespace:key``, structures as JSON."""
        if key not in self._values:
            return UNKNOWN if self._imports_environments else None
        value = self._values[key]
        if self.is_secret(key):
            return UNKNOWN
        return value if isinstance(value, str) else _format_value(value)

    def keys(self) -> Collection[str]:
        """Return all keys that are set, with their namespace."""
        return self._values.keys()

    def is_secret(self, key: str) -> bool:
        """Whether the value, or a part of it, is encrypted."""
        return _is_encrypted(self._values.get(key))

    def get_structure(self, key: str) -> Any:
        """Return the value under ``namespace:key``; what is encrypted in it is unknown."""
        value = self._values.get(key)
        if not self.is_secret(key):
            return super().get_structure(key)
        return _replace_encrypted(value)

    def find_line(self, path: str) -> int | None:
        """Return the line of what a failure's path is about, ``None`` where the file has none."""
        key = re.split(r"[.\[]", path, maxsplit=1)[0]
        if key in self._unqualified:
            path = path.removeprefix(f"{self._namespace}:")
        return self._file.find_line(f"config.{path}")

    def list_inner_names(self, key: str) -> Collection[str]:
        """Return the names below a key that maps names to mappings; none where it does not."""
        value = self._values.get(key)
        if not isinstance(value, Mapping):
            return []
        return list(value) if all(isinstance(one, Mapping) for one in value.values()) else []

    @property
    def second_document(self) -> int | None:
        """The line where another document begins in the file, which Pulumi does not read."""
        return self._file.second_document

    def find_bad_config(self) -> int | None:
        """Return the line of what is written below ``config`` and is no mapping."""
        written = self._file.content.get("config")
        is_usable = written is None or isinstance(written, Mapping)
        return None if is_usable else self._file.find_line("config")

    def list_keys_outside_config(self) -> dict[str, int]:
        """Return the line of each key of the file that is not one of Pulumi's own."""
        return {
            key: self._file.lines[format_path((key,))]
            for key in self._file.content
            if key not in _KEYS_OF_PULUMI
        }

    def _qualify(self, key: str) -> str:
        return key if ":" in key else f"{self._namespace}:{key}"


def read_stack_file(path: Path, project: Project) -> FileConfig:
    """Return the config in a stack's file.

    Raises:
        YamlMistakeError: It cannot be read as such.
    """
    try:
        _check_file(path, project)
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise YamlMistakeError("is not encoded as UTF-8", 1) from None
    except OSError as error:
        raise YamlMistakeError(f"cannot be read: {error.strerror}", 1) from None
    return FileConfig(parse_yaml(text), project)


def _check_file(path: Path, project: Project) -> None:
    """Raise where what has the name of a stack's file is none that can be read and reviewed."""
    if path.is_symlink():
        target, repository = Path(os.path.realpath(path)), project.repository
        if repository not in target.parents:
            raise YamlMistakeError(
                "is a symbolic link to what is outside of the repository, where no review sees a "
                "change: put the file itself here",
                1,
            )
        if not target.exists():
            raise YamlMistakeError("is a symbolic link to a file that does not exist", 1)
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no file"
        raise YamlMistakeError(f"is {kind}, and Pulumi reads a stack's file here: rename it", 1)
    if found.st_size > _LARGEST_FILE:
        raise YamlMistakeError(
            f"has {found.st_size / _LARGEST_FILE:.1f} MiB, and one of more than 1 MiB is not read: "
            "split the stack",
            1,
        )


def _is_encrypted(value: Any) -> bool:
    return contains_unknown(_replace_encrypted(value))


def _replace_encrypted(value: Any) -> Any:
    if isinstance(value, Mapping):
        if value.keys() == {_SECURE} and isinstance(value[_SECURE], str):
            return UNKNOWN
        return {key: _replace_encrypted(value[key]) for key in sorted(value)}
    return [_replace_encrypted(inner) for inner in value] if isinstance(value, list) else value


def _format_value(value: Any) -> str:
    """Return what the Pulumi CLI makes of a value: nothing is the empty text, all else JSON.

    It sorts the keys, so that of two that exclude each other the later one is at fault.
    """
    return "" if value is None else json.dumps(value, sort_keys=True)
