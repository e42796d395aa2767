"""Writes the commands' own help into their page: ``python -m tools.command_reference``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click

from realtimekit_provider.cli.main import cli

__all__ = ["PAGE", "list_commands", "render_page"]

PAGE = Path(__file__).parents[1] / "docs" / "command-line.md"
_BLOCK = re.compile(
    r"(?<=^```text\n)\$ (realtimekit[a-z -]*?) --help\n.*?(?=^```$)", re.MULTILINE | re.DOTALL
)


def list_commands() -> Iterator[tuple[str, click.Command, click.Context]]:
    """Yield every command and group, by what a user types."""
    yield from _walk("realtimekit", cli, None)


def render_page(page: str) -> str:
    """Return the page with the help of each command as it is now."""
    helps = {name: command.get_help(context) for name, command, context in list_commands()}
    return _BLOCK.sub(lambda found: f"$ {found[1]} --help\n{helps[found[1]].rstrip()}\n", page)


def _walk(
    name: str, command: click.Command, parent: click.Context | None
) -> Iterator[tuple[str, click.Command, click.Context]]:
    context = click.Context(
        command, parent, command.name, terminal_width=80, **command.context_settings
    )
    yield name, command, context
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            if found is not None:
                yield from _walk(f"{name} {inner}", found, context)


if __name__ == "__main__":
    PAGE.write_text(render_page(PAGE.read_text("utf-8")), "utf-8")
