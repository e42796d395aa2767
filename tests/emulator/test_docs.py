"""What the documentation says is so."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from realtimekit_emulator import Settings
from realtimekit_emulator.api.routes import ROUTES
from realtimekit_emulator.cli import main
from realtimekit_emulator.control.api import ControlApi
from realtimekit_emulator.faults import KINDS
from realtimekit_emulator.faults.trigger import Trigger
from realtimekit_emulator.model.state import EmulatorState

TEXT = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text()
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_every_example_runs(number: int) -> None:
    """As it stands, with its own assertions."""
    exec(compile(PROGRAMS[number], f"example {number + 1}", "exec"), {})  # noqa: S102


@pytest.mark.parametrize(
    "owner", [Settings, Trigger, *KINDS.values()], ids=lambda one: one.__name__
)
def test_every_option_is_explained_in_its_own_words(owner: type) -> None:
    """The text of the table is the help text of the option."""
    for one in fields(owner):
        if one.metadata:
            assert f"`{one.name}`" in TEXT
            assert one.metadata["help"] in TEXT


def test_every_kind_of_fault_and_every_route_is_named() -> None:
    """Nothing has to be found in the source."""
    for name in [*KINDS, *(route.name for route in ROUTES)]:
        assert f"`{name}`" in TEXT


def test_the_table_of_the_control_api_is_complete() -> None:
    """Each request is in it, and it has no other."""
    table = set(re.findall(r"^\| `([A-Z]+) /([^`]*)`", TEXT, re.MULTILINE))
    routes = {
        (method, re.sub(r"\*", "N" if path[0] == "requests" else "ID", "/".join(path)))
        for method, *path in ControlApi(EmulatorState()).routes
    }
    assert table == routes


def test_every_option_of_the_command_is_explained(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are no settings have a table of their own."""
    monkeypatch.setenv("COLUMNS", "500")
    with pytest.raises(SystemExit):
        main(["--help"])
    usage = capsys.readouterr().out.split("settings:")[0].split("options:")[1]
    for option in re.findall(r"^  (--[a-z-]+)", usage, re.MULTILINE):
        assert f"| `{option}` |" in TEXT
