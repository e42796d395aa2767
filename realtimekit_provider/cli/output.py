"""What a command writes: tables for people, one JSON document for programs, messages on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Console

from realtimekit_provider.cli.workflow_commands import break_commands
from realtimekit_provider.redaction import to_one_line

__all__ = [
    "SCHEMA_VERSION",
    "open_console",
    "open_messages",
    "print_line",
    "print_message",
    "print_warning",
    "show_status",
    "write_json",
]

SCHEMA_VERSION = 1
"""The shape of the JSON documents: it rises where a key goes or changes its meaning."""


def open_console() -> Console:
    """Return what writes to stdout; colours and width follow NO_COLOR, FORCE_COLOR and COLUMNS."""
    return Console(highlight=False, markup=False, emoji=False)


def open_messages() -> Console:
    """Return what writes to stderr."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_message(text: str) -> None:
    """Print a text to stderr, none of whose lines is a command to GitHub Actions."""
    lines = map(to_one_line, text.split("\n"))
    # A terminal breaks words; a log shows lines of any length, and is searched for them.
    is_log = not sys.stderr.isatty()
    open_messages().print(break_commands("\n".join(lines)), soft_wrap=is_log)


def print_warning(text: str) -> None:
    """Print a warning of one line to stderr, in which GitHub Actions finds no command."""
    print_message(to_one_line(f"warning: {text}"))


def print_line(text: str) -> None:
    """Print a line to stdout, in which GitHub Actions finds no command."""
    open_console().print(break_commands(to_one_line(text)), soft_wrap=True)


def show_status(text: str) -> AbstractContextManager[object]:
    """Show on stderr that a command works, in a terminal alone.

    FORCE_COLOR makes rich take anything for one, and every frame would be a line of a job's log.
    """
    return open_messages().status(text) if sys.stderr.isatty() else nullcontext()


def write_json(document: Mapping[str, Any]) -> None:
    """Write one JSON document to stdout, with ``schema_version`` as its first key."""
    json.dump({"schema_version": SCHEMA_VERSION, **document}, sys.stdout, indent=2)
    sys.stdout.write("\n")
