"""How checks write what they saw: short, on one line, without credentials."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.redaction import redact, to_one_line

__all__ = [
    "count",
    "describe_cli_error",
    "format_span",
    "hide_url_credentials",
    "join_names",
    "join_sentences",
]

_ERROR = "error: "
_SHOWN = 3
_LONGEST = 300


def describe_cli_error(error: CommandError) -> str:
    """Return the line of what the Pulumi CLI says that is the error, or else the first one."""
    lines = redact(str(error)).splitlines()
    found = next((line for line in lines if _ERROR in line), lines[0] if lines else "")
    line = to_one_line(found.partition(_ERROR)[2] or found).strip()
    return f"{line[:_LONGEST]}…" if len(line) > _LONGEST else line


def hide_url_credentials(url: str) -> str:
    """Return a backend's URL without user, password and query, where credentials may be."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return to_one_line(f"{parts.scheme}://{host}{parts.path}" if parts.scheme else url)


def count(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural unless it is one."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def join_names(names: Sequence[str]) -> str:
    """Return the first three names on one line, and how many more there are."""
    return ", ".join(_cut(names))


def join_sentences(sentences: Sequence[str]) -> str:
    """Return the first three sentences, each on a line, and how many more there are."""
    return "\n".join(_cut(sentences))


def _cut(texts: Sequence[str]) -> list[str]:
    more = len(texts) - _SHOWN
    return [*texts[:_SHOWN], *([f"and {more} more"] if more > 0 else [])]


def format_span(span: timedelta) -> str:
    """Return a span of time in its largest unit: days, hours, minutes or seconds."""
    seconds = abs(span.total_seconds())
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"
