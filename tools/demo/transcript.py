"""What the demo prints: headlines, explanations, commands, and the output of the commands."""

import os
import sys
import textwrap
from pathlib import Path
from types import TracebackType

from typing_extensions import Self

_WIDTH = 96
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


class Transcript:
    """Writes to the terminal and, where one is named, to a file, which is never colored."""

    def __init__(self, file: Path | None = None) -> None:
        self._copy = None if file is None else file.open("w", encoding="utf-8")
        self.is_colored = (
            self._copy is None and sys.stdout.isatty() and "NO_COLOR" not in os.environ
        )

    def print_headline(self, text: str) -> None:
        """Print the headline of a step."""
        self._write(f"\n== {text}", _BOLD)

    def print_text(self, text: str) -> None:
        """Print what happens and why."""
        self._write(textwrap.fill(text, _WIDTH))

    def print_command(self, text: str) -> None:
        """Print a command as a person would type it."""
        self._write(f"\n$ {text}", _BOLD)

    def print_output(self, text: str) -> None:
        """Print a line that a command printed."""
        self._write(text)

    def print_note(self, text: str) -> None:
        """Say something about the demo itself."""
        self._write(f"\n{textwrap.fill(text, _WIDTH)}", _DIM)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file."""
        if self._copy is not None:
            self._copy.close()

    def _write(self, text: str, style: str = "") -> None:
        print(f"{style}{text}{_PLAIN}" if style and self.is_colored else text, flush=True)
        if self._copy is not None:
            print(text, file=self._copy, flush=True)
