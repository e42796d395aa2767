"""Lines that GitHub Actions reads from a step's output, and text in which it finds none.

Source: *Workflow commands for GitHub Actions*, and the runner's ``ActionCommand`` for the older
form ``##[``.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["break_commands", "format_annotation", "is_in_github_actions", "stop_commands"]

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}
_COMMAND = re.compile(r"(?:^|(?<=[\r\n]))(\s*:)(?=:)|##(?=\[)")


def is_in_github_actions() -> bool:
    """Whether this process is a step of GitHub Actions, which reads what it prints."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def break_commands(text: str) -> str:
    """Return a text in whose lines GitHub Actions finds no command, whoever wrote it.

    It looks for ``::`` behind any blanks at the beginning of a line, and for ``##[`` in all of it.
    """
    return _COMMAND.sub(lambda found: f"{found[0]} ", text)


@contextmanager
def stop_commands() -> Iterator[None]:
    """Let GitHub Actions find no command in what is printed inside the block, by whichever process.

    What begins again afterwards is a random word, which is in no environment and no argument.
    Outside of GitHub Actions nothing is printed.
    """
    if not is_in_github_actions():
        yield
        return
    token = secrets.token_hex(16)
    _print_command(f"::stop-commands::{token}")
    try:
        yield
    finally:
        # The last line may have no end, and a command is found only where a line begins.
        _print_command(f"\n::{token}::")


def _print_command(command: str) -> None:
    sys.stdout.write(f"{command}\n")
    sys.stdout.flush()


def format_annotation(message: str, file: str = "", line: int = 1) -> str:
    """Return the line that shows an error beside a line of a file, or of the job without a file."""
    position = f" file={file.translate(_PROPERTY)},line={line}" if file else ""
    return f"::error{position}::{message.translate(_DATA)}"
