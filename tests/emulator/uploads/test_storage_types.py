"""The registry of the types of storage."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from realtimekit_emulator import real_uploaders, uploads
from realtimekit_emulator.uploads.registry import STORAGE_TYPES
from realtimekit_emulator.uploads.storage_type import StorageType


def test_every_storage_type_is_registered() -> None:
    """One that is not could be in no storage_config."""
    modules = [
        importlib.import_module(f"{uploads.__name__}.{module.name}")
        for module in pkgutil.iter_modules(uploads.__path__)
    ]
    names = {
        value.name
        for module in modules
        for value in vars(module).values()
        if isinstance(value, StorageType)
    }
    assert set(STORAGE_TYPES) == names


def test_every_storage_type_has_an_uploader() -> None:
    assert set(real_uploaders()) == set(STORAGE_TYPES)


@pytest.mark.parametrize("storage_type", STORAGE_TYPES.values(), ids=STORAGE_TYPES)
def test_a_secret_is_a_field_of_its_type(storage_type: StorageType) -> None:
    """A misspelled one would be shown."""
    assert storage_type.secret_fields <= set(storage_type.fields)


def test_an_unknown_endpoint_is_refused() -> None:
    with pytest.raises(TypeError, match="there is no floppy_endpoint; the endpoints are aws_end"):
        real_uploaders(floppy_endpoint="http://127.0.0.1:9")
