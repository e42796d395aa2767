"""Lines that GitHub Actions reads from a step's output, written so that no text ends one."""

from __future__ import annotations

__all__ = ["format_annotation"]

_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = {**_DATA, **str.maketrans({":": "%3A", ",": "%2C"})}


def format_annotation(message: str, file: str, line: int) -> str:
    """Return the line that shows an error beside a line of a file.

    Source: *Workflow commands for GitHub Actions*.
    """
    name = file.translate(_PROPERTY)
    return f"::error file={name},line={line}::{message.translate(_DATA)}"
