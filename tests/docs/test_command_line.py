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


def test_the_commands_have_one_order_and_a_line_each() -> None:
    """Check, examine, deploy, look: as a person needs them; the page's sections follow."""
    helps = {name: context.get_help() for name, _command, context in list_commands()}
    listed = {}
    for group in ("realtimekit", "realtimekit ci"):
        lines = helps[group].partition("Commands:\n")[2].splitlines()
        assert {line[2] == " " for line in lines} == {False}
        listed[group] = [line.split()[0] for line in lines]
    assert listed["realtimekit"] == ["check", "doctor", "up", "list", "ci"]
    assert listed["realtimekit ci"] == ["preview", "drift", "stacks"]
    page = re.findall(r"^\$ (.*) --help$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert page == list(helps)


def test_the_page_has_the_meaning_of_each_class_of_the_list() -> None:
    """In the words and the order of the command."""
    section = PAGE.read_text("utf-8").partition("## List\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)
    assert rows == [(one.value, meaning) for one, meaning in MEANINGS.items()]


def test_the_page_has_every_exit_code() -> None:
    """A pipeline is written by their numbers."""
    section = PAGE.read_text("utf-8").partition("## Exit codes\n")[2].partition("\n## ")[0]
    assert [int(one) for one in re.findall(r"^\| (\d+) \|", section, re.MULTILINE)] == [*ExitCode]
