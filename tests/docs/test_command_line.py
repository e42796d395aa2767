"""The page of the commands shows their own help."""

from __future__ import annotations

from tools.command_reference import PAGE, list_commands, render_page


def test_the_page_shows_the_help_of_every_command() -> None:
    """``python -m tools.command_reference`` writes it."""
    page = PAGE.read_text("utf-8")
    assert page == render_page(page)
    for name, _command, _context in list_commands():
        assert page.count(f"```text\n$ {name} --help\n") == 1
