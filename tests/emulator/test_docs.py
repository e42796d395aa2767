"""The documentation agrees with the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from realtimekit_emulator import Settings
from realtimekit_emulator.api.routes import ROUTES
from realtimekit_emulator.cli import main
from realtimekit_emulator.control.control_api import ControlApi
from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.faults import BEHAVIORS
from realtimekit_emulator.faults.base import FaultBehavior
from realtimekit_emulator.faults.trigger import Trigger
from realtimekit_emulator.options import Options
from realtimekit_emulator.uploads.registry import STORAGE_TYPES

TEXT = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text()
ALL_PAGES = "\n".join(
    page.read_text(encoding="utf-8")
    for page in sorted((Path(__file__).parents[2] / "docs").glob("*.md"))
)
"""A storage type may have a page of its own, with the rows of its uploads."""
PROGRAMS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def format_default(value: object) -> str:
    """Write a default as the tables do."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return f"{value:g}"
    return "none" if value in {None, ()} else str(value)


def format_option_row(owner: type[Options], name: str) -> str:
    """Write the row of an option in a table of its own."""
    field = owner.model_fields[name]
    return f"| `{name}` | `{format_default(field.default)}` | {field.description} |"


def format_fault_row(kind: str, behavior: type[FaultBehavior]) -> str:
    """Write the row of a fault: its kind, its docstring, and its options."""
    summary = (inspect.getdoc(behavior) or "").splitlines()[0].replace("``", "`")
    options = "; ".join(
        f"`{name}` (`{format_default(field.default)}`): {field.description}"
        for name, field in behavior.model_fields.items()
    )
    return f"| `{kind}` | {summary} | {options} |"


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_every_example_runs(number: int) -> None:
    """As it stands, with its own assertions."""
    exec(compile(PROGRAMS[number], f"example {number + 1}", "exec"), {})  # noqa: S102


@pytest.mark.parametrize("owner", [Settings, Trigger], ids=lambda one: one.__name__)
def test_every_option_is_in_a_table(owner: type[Options]) -> None:
    """With its default and its help text."""
    missing = [
        row for name in owner.model_fields if (row := format_option_row(owner, name)) not in TEXT
    ]
    assert not missing, "\n".join(missing)


def test_every_kind_of_fault_is_in_the_table() -> None:
    """With what goes wrong, and with its options and their defaults."""
    rows = [format_fault_row(kind, behavior) for kind, behavior in BEHAVIORS.items()]
    missing = [row for row in rows if row not in TEXT]
    assert not missing, "\n".join(missing)


def test_every_route_is_named() -> None:
    """A fault needs the name."""
    for route in ROUTES:
        assert f"`{route.name}`" in TEXT


def test_every_storage_type_is_in_a_table_of_real_uploads() -> None:
    """With what has to listen for it."""
    tables = re.findall(
        r"^\| type \| where the file goes .*\n((?:\|.*\n)+)", ALL_PAGES, re.MULTILINE
    )
    types = [name for table in tables for name in re.findall(r"^\| `(\w+)`", table, re.MULTILINE)]
    assert sorted(types) == sorted(STORAGE_TYPES)


def test_the_table_of_the_control_api_is_complete() -> None:
    """Each request is in it, and it has no other."""
    table = set(re.findall(r"^\| `([A-Z]+) /([^`]*)`", TEXT, re.MULTILINE))
    routes = {
        (method, re.sub(r"\*", "N" if path[0] == "requests" else "ID", "/".join(path)))
        for method, *path in ControlApi(Emulator()).routes
    }
    assert table == routes


def test_every_option_of_the_command_has_a_text(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those that are no settings have a table of their own."""
    monkeypatch.setenv("COLUMNS", "500")
    with pytest.raises(SystemExit):
        main(["--help"])
    usage = capsys.readouterr().out.split("settings:")[0].split("options:")[1]
    for option in re.findall(r"^  (--[a-z-]+)", usage, re.MULTILINE):
        assert f"| `{option}` |" in ALL_PAGES
