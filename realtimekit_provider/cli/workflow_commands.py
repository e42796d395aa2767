"""Lines that GitHub Actions reads from a step's output, written so that no text ends one."""

from __future__ import annotations

import re

from realtimekit_provider.redaction import to_one_line

__all__ = ["break_commands", "format_annotation"]

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}
_COMMAND = re.compile(r"^(\s*:)(?=:)|##(?=\[)")


def break_commands(text: str) -> str:
    """Return a text in whose lines GitHub Actions finds no command, whoever wrote it.

    It looks for ``::`` behind any blanks at the beginning of a line, and for ``##[`` in all of it.
    """
    lines = (to_one_line(line) for line in text.split("\n"))
    return "\n".join(_COMMAND.sub(lambda found: f"{found[0]} ", line) for line in lines)


def format_annotation(message: str, file: str, line: int) -> str:
    """Return the line that shows an error beside a line of a file.

    Source: *Workflow commands for GitHub Actions*.
    """
    name = file.translate(_PROPERTY)
    return f"::error file={name},line={line}::{message.translate(_DATA)}"
