"""The page of the commands shows their own help."""

from __future__ import annotations

import re

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.inventory.rows import MEANINGS
from tools.command_reference import PAGE, list_commands, render_page


def test_the_page_shows_the_help_of_every_command() -> None:
    """``python -m tools.command_reference`` writes it."""
    page = PAGE.read_text("utf-8")
    assert page == render_page(page)
    for name, _command, _context in list_commands():
        assert page.count(f"```text\n$ {name} --help\n") == 1


def test_the_page_has_the_meaning_of_each_class_of_the_list() -> None:
    """In the words and the order of the command."""
    section = PAGE.read_text("utf-8").partition("## List\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)
    assert rows == [(one.value, meaning) for one, meaning in MEANINGS.items()]


def test_the_page_has_every_exit_code() -> None:
    """A pipeline is written by their numbers."""
    section = PAGE.read_text("utf-8").partition("## Exit codes\n")[2].partition("\n## ")[0]
    assert [int(one) for one in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)] == [*ExitCode]
