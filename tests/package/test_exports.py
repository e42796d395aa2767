"""The public names."""

from __future__ import annotations

import importlib
import pkgutil
import types

import pytest

import realtimekit_provider

MODULES = [
    found.name
    for found in pkgutil.walk_packages(realtimekit_provider.__path__, "realtimekit_provider.")
]


def test_the_package_exports_what_its_list_says() -> None:
    """Every public name stands in ``__all__``, sorted, and every name there exists."""
    public = {
        name
        for name, value in vars(realtimekit_provider).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert sorted(public) == realtimekit_provider.__all__


@pytest.mark.parametrize("name", MODULES)
def test_every_module_has_the_names_that_it_exports(name: str) -> None:
    """A name in ``__all__`` that does not exist would break a star import, and readers."""
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", [])
    assert [each for each in exported if not hasattr(module, each)] == []
    assert len(exported) == len(set(exported))
