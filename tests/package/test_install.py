"""Errors and pages say alike how to install the package, each package at one place."""

from __future__ import annotations

import re
from pathlib import Path

import realtimekit_emulator.extras
from realtimekit_provider.constants import INSTALL_COMMAND
from tests.repository.toml_files import read_toml

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMAND = re.compile(r"pip install '?realtimekit-provider\[([\w,]+)\][^\n`]*")


def test_provider_and_emulator_name_the_same_command() -> None:
    """They share no code, so each has it."""
    assert realtimekit_emulator.extras.INSTALL_COMMAND == INSTALL_COMMAND


def test_the_pages_show_the_command_of_the_errors() -> None:
    """With extras that exist."""
    extras = read_toml(ROOT / "pyproject.toml")["project"]["optional-dependencies"].keys()
    found = [match for page in PAGES for match in COMMAND.finditer(page.read_text("utf-8"))]
    assert len(found) >= 4
    for match in found:
        assert match[0] == INSTALL_COMMAND.format(extra=match[1])
        assert {*match[1].split(",")} <= extras
