"""Every scenario is run."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests import scenarios
from tests.scenarios.all_scenarios import SCENARIOS


def test_every_file_of_scenarios_is_in_all_scenarios() -> None:
    """No scenario is left out, and no two have the same name."""
    modules = [
        import_module(f"tests.scenarios.{one.name}")
        for one in iter_modules(scenarios.__path__)
        if one.name != "all_scenarios" and not one.name.startswith("test_")
    ]
    defined = [
        scenario.name
        for module in modules
        for name in module.__all__
        if isinstance(value := getattr(module, name), tuple)
        for scenario in value
    ]
    assert sorted(defined) == sorted({one.name for one in SCENARIOS})
