"""The garbage collector passes over what the provider process loads."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import ModuleType

import pytest

from realtimekit_provider.engine.garbage_collection import import_without_gc


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The collector as it was before."""
    yield
    gc.unfreeze()
    gc.enable()


def _load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "made_up", ModuleType("made_up"))


def test_modules_that_stay_loaded_are_never_collected(monkeypatch: pytest.MonkeyPatch) -> None:
    """The collector is off meanwhile, and passes over them afterwards; also after an error."""
    gc.unfreeze()
    with suppress(ImportError), import_without_gc():
        was_off = not gc.isenabled()
        _load(monkeypatch)
        raise ImportError
    assert was_off
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


def test_where_nothing_is_loaded_everything_stays_collectable() -> None:
    """It may be used at each operation, beside providers of the user's own."""
    gc.unfreeze()
    with import_without_gc():
        pass
    assert gc.get_freeze_count() == 0


def test_a_collector_that_was_off_stays_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else's decision, in a process that is shared."""
    gc.disable()
    with import_without_gc():
        _load(monkeypatch)
    assert not gc.isenabled()
