"""Every class that the registry of storage types names exists, and is what it is named for."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import fields
from typing import get_args

import pytest

from realtimekit_provider import storage
from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    StorageType,
    get_component_class,
    get_declaration_model,
    get_location_backend,
    get_location_model,
    get_writer_backend,
    get_writer_model,
    list_types_with_writers,
    load_class,
)

PARTS = [field.name for field in fields(StorageType) if field.name not in {"sdk", "extra"}]
NAMED = [
    (storage_type, part)
    for storage_type, named in STORAGE_TYPES.items()
    for part in PARTS
    if getattr(named, part) is not None
]
FOLDERS = {name: named.location_model.split(".")[1] for name, named in STORAGE_TYPES.items()}
BACKENDS = "realtimekit_provider.storage.backends."
CALLING = (".location_backend", ".writer_backend", ".write_probe", ".session", ".client")
SDKS = (
    "asyncssh",
    "azure.core",
    "azure.storage.blob",
    "boto3",
    "botocore",
    "google.auth",
    "google.cloud.storage",
)


def test_the_types_are_those_of_a_storage_config() -> None:
    """The API's, and each has an entry."""
    members = get_args(get_args(StorageConfig)[0])
    types = {get_args(member.model_fields["type"].annotation)[0] for member in members}
    assert set(STORAGE_TYPES) == types


@pytest.mark.parametrize(("storage_type", "part"), NAMED)
def test_a_named_class_exists_in_the_folder_of_its_type(storage_type: str, part: str) -> None:
    """Otherwise the first user of that type would find out."""
    name = getattr(STORAGE_TYPES[storage_type], part)
    found = load_class(name)
    assert found.__module__ == f"realtimekit_provider.storage.{name.partition(':')[0]}"
    assert name.split(".")[1].partition(":")[0] == FOLDERS[storage_type]


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
def test_models_carry_the_type_that_they_are_found_by(storage_type: str) -> None:
    """A location, a writer and a declaration each say of what type they are."""
    assert get_location_model(storage_type).model_fields["type"].default == storage_type
    assert issubclass(get_declaration_model(storage_type), get_location_model(storage_type))
    assert get_declaration_model(storage_type).model_fields["type"].default == storage_type
    if storage_type in list_types_with_writers():
        assert get_writer_model(storage_type).model_fields["type"].default == storage_type


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
def test_a_model_names_fields_of_its_own(storage_type: str) -> None:
    """Where it is, and what a change of replaces it."""
    model = get_location_model(storage_type)
    assert set(model.identity_fields) <= model.model_fields.keys()
    assert model.replace_on <= model.model_fields.keys()
    if storage_type in list_types_with_writers():
        writer = get_writer_model(storage_type)
        assert writer.replace_on <= writer.model_fields.keys()


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
def test_a_backend_has_every_method_of_its_port(storage_type: str) -> None:
    """Structural types are checked where a class is used by name, not where a string names it."""
    assert callable(get_location_backend(storage_type).connect)
    assert callable(load_class(STORAGE_TYPES[storage_type].write_probe)().check)
    if storage_type in list_types_with_writers():
        assert callable(get_writer_backend(storage_type).connect)


def test_a_type_without_writers_has_no_writer() -> None:
    """Neither half of one."""
    for storage_type, named in STORAGE_TYPES.items():
        assert (named.writer_model is None) == (named.writer_backend is None)
        if named.writer_model is None:
            with pytest.raises(KeyError, match=storage_type):
                get_writer_model(storage_type)
            with pytest.raises(KeyError, match=storage_type):
                get_writer_backend(storage_type)


def test_every_component_is_exported() -> None:
    """A program imports it from ``realtimekit_provider.storage``."""
    components = {get_component_class(storage_type).__name__ for storage_type in STORAGE_TYPES}
    assert components == set(storage.__all__) - {"StorageGate"}


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
def test_loading_a_type_loads_no_sdk_and_no_other_types_calls(storage_type: str) -> None:
    """An SDK is imported by the first call; what calls another type's service, never."""
    program = f"""
import sys
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES, find_missing_extra, load_class
)
for name in {PARTS!r}:
    if named := getattr(STORAGE_TYPES[{storage_type!r}], name):
        load_class(named)
find_missing_extra({storage_type!r})
print(*sys.modules)
"""
    loaded = run(program)
    assert [name for name in loaded if name.startswith(SDKS)] == []
    calling = [name for name in loaded if name.startswith(BACKENDS) and name.endswith(CALLING)]
    speaks_s3 = storage_type in {"aws", "digitalocean"}
    own = {FOLDERS[storage_type], *(["s3"] if speaks_s3 else [])}
    assert {name.removeprefix(BACKENDS).split(".")[0] for name in calling} == own


def test_the_registry_itself_loads_nothing_that_calls_a_service() -> None:
    """A program only asks which types there are."""
    loaded = run("import sys, realtimekit_provider.storage.backends.registry; print(*sys.modules)")
    assert [n for n in loaded if n.startswith(BACKENDS) and n.endswith(CALLING)] == []


def run(program: str) -> list[str]:
    """Return the words that a program prints in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return ran.stdout.split()
