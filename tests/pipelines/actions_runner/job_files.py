"""The files that a step writes to: variables, paths, outputs and the summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

__all__ = ["JobFiles"]

_NAMES = ("ENV", "PATH", "OUTPUT", "STEP_SUMMARY")


class JobFiles:
    """The files of one job, which are read after each step.

    Attributes:
        environment: Their paths, as ``GITHUB_ENV`` and the others name them.
    """

    def __init__(self, folder: Path) -> None:
        self._files = {name: folder / name.lower() for name in _NAMES}
        self.environment = {f"GITHUB_{name}": str(file) for name, file in self._files.items()}
        for file in self._files.values():
            file.touch()

    def take(self, name: str) -> dict[str, str]:
        """Return the lines ``name=value`` of a file, also with delimiters, and empty it."""
        return dict(_parse_values(self._take_text(name)))

    def take_lines(self, name: str) -> list[str]:
        """Return the lines of a file, and empty it."""
        return self._take_text(name).splitlines()

    def read_summary(self) -> str:
        """Return the job's summary."""
        return self._files["STEP_SUMMARY"].read_text(encoding="utf-8")

    def _take_text(self, name: str) -> str:
        text = self._files[name].read_text(encoding="utf-8")
        self._files[name].write_text("", encoding="utf-8")
        return text


def _parse_values(text: str) -> Iterator[tuple[str, str]]:
    lines = iter(text.splitlines())
    for line in lines:
        if found := re.fullmatch(r"([\w-]+)<<(.+)", line):
            value = []
            for part in lines:
                if part == found[2]:
                    break
                value.append(part)
            yield found[1], "\n".join(value)
        elif line:
            name, _, single = line.partition("=")
            yield name, single
