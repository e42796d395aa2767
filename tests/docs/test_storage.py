"""The page about storage agrees with the code: arguments, defaults, rights, errors."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from realtimekit_provider import errors, storage
from realtimekit_provider.api.models.storage_config import TARGET_KEYS
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.schema.values import list_defaults
from realtimekit_provider.storage.backends.aws.models import AwsWriter
from realtimekit_provider.storage.backends.aws.write_policy import build_write_policy
from realtimekit_provider.storage.backends.azure import access_policies as azure_policies
from realtimekit_provider.storage.backends.base_models import OnDeleteLocation
from realtimekit_provider.storage.backends.gcs import bucket_policy
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    get_component_class,
    get_declaration_model,
)
from realtimekit_provider.storage.gate.inputs import GateInputs, apply_gate_defaults
from tests.docs.pages import ROOT, extract_code, find_page, read_prose, read_table
from tests.docs.source import is_message

PAGE = "docs/storage.md"
DECLARED: Mapping[str, tuple[type[BaseModel], Any]] = {
    name: (get_declaration_model(name), get_component_class(name)) for name in STORAGE_TYPES
}
MODELS = {component.__name__: model for model, component in DECLARED.values()}
COMPONENTS: dict[str, Any] = {component.__name__: component for _, component in DECLARED.values()}
COMMON = "## What all five have"
_REQUIRED = inspect.Parameter.empty
_CHOICES = {
    "OnDeleteLocation": get_args(OnDeleteLocation),
    "Literal['KEY', 'PASSWORD']": ("KEY", "PASSWORD"),
}
_TYPES = {"str": "text", "bool": "true or false", "pulumi.ResourceOptions": "Pulumi's options"}
_RANGES = {
    "key_generation": "whole number from 1",
    "port": "whole number, 1 to 65535",
    "upload_deadline": "seconds, 0 to 86400",
    "apps": "list of mappings",
    "storage_config": "mapping",
}
_DAYS = "days, 1 to 36500"


def read_arguments(section: str) -> dict[str, Mapping[str, str]]:
    """Return the rows of a section's table of arguments."""
    rows = read_table(find_page(section), "argument", section)
    return {row["argument"].strip("`"): row for row in rows}


def read_parameters(component: Any) -> dict[str, inspect.Parameter]:
    """Return the parameters of a component."""
    parameters = dict(inspect.signature(component.__init__).parameters)
    del parameters["self"]
    return parameters


def read_default(row: Mapping[str, str]) -> Any:
    """Return what the column of defaults says, as a value."""
    if row["default"] == "required":
        return _REQUIRED
    found = extract_code(row["default"])
    return yaml.safe_load(found[0]) if found else None


def test_every_component_has_a_section() -> None:
    """All that is exported is described."""
    headings = [line[3:] for line in read_prose(ROOT / PAGE).splitlines() if line.startswith("## ")]
    assert set(COMPONENTS) == {name for name in storage.__all__ if name != "StorageGate"}
    assert all(find_page(f"## {name}") for name in COMPONENTS)
    assert [name for name in headings if name in COMPONENTS] == [
        "AwsRecordingBucket",
        "GcsRecordingBucket",
        "AzureRecordingContainer",
        "SpacesRecordingBucket",
        "SftpRecordingFolder",
    ]


@pytest.mark.parametrize("name", COMPONENTS)
def test_the_arguments_are_those_of_the_class(name: str) -> None:
    """What all have and what is its own, and nothing else."""
    own, common = read_arguments(f"## {name}"), read_arguments(COMMON)
    assert not own.keys() & common.keys()
    assert own.keys() | common.keys() == read_parameters(COMPONENTS[name]).keys()


@pytest.mark.parametrize("name", [*COMPONENTS, "StorageGate"])
def test_defaults_and_types_are_those_of_the_class(name: str) -> None:
    """Each argument has the default that is written, and takes what is written."""
    section = "### For storage of your own" if name == "StorageGate" else f"## {name}"
    rows = read_arguments(section)
    component: Any = getattr(storage, name)
    if name == "StorageGate":
        assert list(rows) == list(read_parameters(component))
    else:
        rows |= read_arguments(COMMON)
    is_gate = name == "StorageGate"
    defaults = apply_gate_defaults({}, []) if is_gate else list_defaults(MODELS[name])
    for argument, parameter in read_parameters(component).items():
        row = rows[argument]
        is_required = parameter.default is _REQUIRED
        assert read_default(row) == (_REQUIRED if is_required else defaults.get(argument)), argument
        assert row["type"] == _type_of(argument, parameter.annotation), argument


def _type_of(argument: str, annotation: str) -> str:
    if argument in _RANGES:
        return _RANGES[argument]
    if argument.endswith("_days"):
        return _DAYS
    kind = re.sub(r"^pulumi\.Input\[(.*)\]$", r"\1", annotation.removesuffix(" | None"))
    if kind in _CHOICES:
        return ", ".join(f"`{choice}`" for choice in _CHOICES[kind])
    return _TYPES[kind] + (", secret" if argument in SECRET_KEYS | {"key"} else "")


@pytest.mark.parametrize("storage_type", DECLARED)
def test_a_section_names_the_type_of_a_stacks_config(storage_type: str) -> None:
    """`type: aws` and the class are the same storage."""
    name = DECLARED[storage_type][1].__name__
    page = read_prose(ROOT / find_page(f"## {name}"))
    section = page.partition(f"## {name}\n")[2].partition("\n## ")[0]
    assert section.strip().startswith(f"Type `{storage_type}`.")


@pytest.mark.parametrize("storage_type", DECLARED)
def test_a_stacks_config_takes_the_fields_of_the_table(storage_type: str) -> None:
    """Under the same names."""
    model, component = DECLARED[storage_type]
    in_program = set(read_parameters(component)) - {"name", "opts"}
    in_config = set(model.model_fields) - {"type"} - _list_fixed_fields(model)
    assert in_config == in_program


def _list_fixed_fields(model: type[BaseModel]) -> set[str]:
    fixed = {"public_access", "ownership", "uniform_access", "without_administrator"}
    return fixed & set(model.model_fields)


_SECURE = {row["setting"].strip("`"): row for row in read_table(PAGE, "setting")}


@pytest.mark.parametrize("setting", _SECURE)
def test_a_secure_default_is_that_of_the_code(setting: str) -> None:
    """It is a field of the types that the row names, and of no other, with that default."""
    row = _SECURE[setting]
    fields = {name: model.model_fields.get(setting) for name, (model, _) in DECLARED.items()}
    assert extract_code(row["of"]) == sorted(name for name, field in fields.items() if field)
    for field in filter(None, fields.values()):
        assert field.get_default() == read_default(row) or field.is_required()
        assert field.is_required() == (row["default"] == "required")


def test_every_default_that_matters_is_in_the_table() -> None:
    """What is decided for the user is written down, and why."""
    names = {"type", "key", "key_generation", "apps", "prefix", "port", "endpoint", *SECRET_KEYS}
    names |= {"without_administrator"}
    decided = {
        name
        for model, _ in DECLARED.values()
        for name, field in model.model_fields.items()
        if name not in names and not field.is_required()
    }
    assert decided | {"host_key"} == set(_SECURE)
    assert all(row["why"] and row["how to change it"] for row in _SECURE.values())


def test_settings_that_cannot_be_changed_are_refused_by_config() -> None:
    """Three settings have one value each."""
    fixed = {name for name, row in _SECURE.items() if row["how to change it"] == "it cannot be"}
    assert fixed == {"public_access", "ownership", "uniform_access"}


def test_the_rights_of_a_writer_are_those_that_it_is_given() -> None:
    """AWS' policy, Google's role, Azure's letters."""
    can = {row["type"].strip("`"): row["can"] for row in read_table(PAGE, "type | can")}
    declared_writer = AwsWriter(
        name="archive", mark="rk0", bucket="example", prefix="standup", region="eu-central-1"
    )
    (statement,) = build_write_policy(declared_writer)["Statement"]
    assert extract_code(can["aws"]) == statement["Action"]
    assert statement["Resource"].endswith("example/standup/*")
    assert extract_code(can["gcs"]) == [bucket_policy._ROLE]
    assert azure_policies._RIGHTS == "cw"
    assert can["azure"] == "create and write blobs"


def test_on_delete_has_a_row_for_each_choice() -> None:
    """In the words of the argument."""
    rows = read_table(PAGE, "`on_delete`", "## Deleting")
    choices = extract_code(read_arguments(COMMON)["on_delete"]["type"])
    assert [extract_code(row["`on_delete`"])[0] for row in rows] == choices


def test_another_gate_is_made_for_another_target() -> None:
    """The page lists what a target is, completely."""
    (line,) = (
        line for line in read_prose(ROOT / PAGE).splitlines() if line.startswith("Another target")
    )
    assert tuple(extract_code(line)) == TARGET_KEYS
    assert GateInputs().upload_deadline == 900


def test_errors_are_those_of_storage() -> None:
    """Each class but their base has a row, and each sentence is one that the code can say."""
    rows = read_table(PAGE, "error")
    named = {code for row in rows for code in extract_code(row["error"])}
    of_storage = {
        name for name in errors.__all__ if issubclass(getattr(errors, name), errors.StorageError)
    } - {"StorageError"}
    assert named == of_storage
    for row in rows:
        assert is_message(row["the sentence begins or contains"]), row


def test_quoted_sentences_are_messages_of_the_code() -> None:
    """A quoted sentence is one of the code's."""
    quoted = [
        line.removeprefix("> ")
        for line in read_prose(ROOT / PAGE).splitlines()
        if line.startswith("> ")
    ]
    assert quoted
    assert all(map(is_message, quoted))
