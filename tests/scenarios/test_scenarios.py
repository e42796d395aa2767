"""The scenarios that every runner takes."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests import scenarios
from tests.scenarios.all_scenarios import SCENARIOS


def test_no_file_of_scenarios_is_forgotten() -> None:
    """Each is part of all of them, and no two scenarios have one name."""
    modules = [
        import_module(f"tests.scenarios.{one.name}") for one in iter_modules(scenarios.__path__)
    ]
    written = [
        scenario.name
        for module in modules
        if module.__name__ != "tests.scenarios.all_scenarios"
        for name in module.__all__
        if isinstance(value := getattr(module, name), tuple)
        for scenario in value
    ]
    assert sorted(written) == sorted({one.name for one in SCENARIOS})
