"""The registry of the kinds of faults."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from realtimekit_emulator import faults
from realtimekit_emulator.faults.base import FaultBehavior


def test_every_behavior_is_registered() -> None:
    """A class that no kind names could never be used."""
    modules = [
        importlib.import_module(f"{faults.__name__}.{module.name}")
        for module in pkgutil.iter_modules(faults.__path__)
    ]
    behaviors = {
        behavior
        for module in modules
        for _, behavior in inspect.getmembers(module, inspect.isclass)
        if issubclass(behavior, FaultBehavior) and not behavior.__subclasses__()
    }
    assert set(faults.BEHAVIORS.values()) == behaviors
