"""The inputs of every resource and component, and values that each of them refuses.

They are read from signatures and models, so a new argument, field or class is included.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, get_args

import pytest
from pulumi import Resource
from pydantic import BaseModel, ValidationError

import realtimekit_provider
from realtimekit_provider import storage
from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.api.models.track_request import Layer, Output
from realtimekit_provider.schema.input_paths import format_path
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    get_location_model,
    get_writer_model,
    list_types_with_writers,
)
from realtimekit_provider.storage.gate import resource as gate
from realtimekit_provider.storage.location import resource as location
from realtimekit_provider.storage.writer import resource as writer
from tests import leaks

__all__ = [
    "CANARY",
    "CASES",
    "CLASSES",
    "SECRET",
    "Case",
    "Input",
    "find_leak",
    "find_refused_paths",
    "list_arguments",
]

CANARY = "CANARY-5d1cb0e7"
SECRET = "a secret"
"""A value below this key is given as a secret."""

_TEXT = {SECRET: f'{CANARY} /\\..\n"{CANARY}"'}
_LIST = [{"secret": {SECRET: CANARY}}]
_MAPPING = {SECRET: {"type": CANARY, "secret": CANARY}}

Input = tuple[str | int, ...]
"""The path of a value: an argument, then keys and positions inside it."""

CLASSES: Mapping[str, type[Resource]] = {
    name: kind
    for room in (realtimekit_provider, storage, gate, location, writer)
    for name in room.__all__
    if issubclass(kind := getattr(room, name), Resource)
}

_NOT_CHECKED = {("StorageWriter", "apps")}
"""Not validated here: in a component the gate refuses them."""

_REPORTED_AS: Mapping[str, frozenset[str]] = {
    "container": frozenset({"bucket"}),
    "key": frozenset({"secret"}),
    "prefix": frozenset({"path"}),
    "storage_config": frozenset({"type"}),
}
"""Inputs whose failures are reported under another name."""


@dataclass(frozen=True)
class Case:
    """A resource, and inputs of it that are all invalid at once.

    Attributes:
        kind: The name of its class.
        invalid: The paths of these inputs; each has to be refused by its path.
        others: The other inputs.
        values: The values to try in turn: not every input refuses a text.
        takes_text: The paths of inputs that take any text: they start with the next value.
        unreported: How many first parts of a path are not in the reported one.
    """

    kind: str
    invalid: Sequence[Input]
    others: Mapping[str, Any]
    values: Sequence[Any] = (_TEXT, _LIST)
    takes_text: frozenset[Input] = frozenset()
    unreported: int = 0

    def build_inputs(
        self, invalid: Sequence[Input], turn: int, valid: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Return what the program gives: these inputs invalid, in another value each turn."""
        inputs: dict[str, Any] = {**valid, **self.others}
        for path in invalid:
            value = self.values[(turn + (path in self.takes_text)) % len(self.values)]
            inputs = _set_path(inputs, path, value)
        return inputs

    def is_refused(self, path: Input, refused: set[str]) -> bool:
        """Whether an input's path is among the refused ones."""
        names = {format_path(path[self.unreported :])} | _REPORTED_AS.get(
            str(path[-1]), frozenset()
        )
        return any(
            re.match(rf"{re.escape(name)}($|[.\[])", one) for name in names for one in refused
        )


def list_arguments(kind: str) -> list[str]:
    """Return the names of a resource's inputs."""
    _, _, *inputs = inspect.signature(CLASSES[kind].__init__).parameters
    return [name for name in inputs if name != "opts"]


def find_refused_paths(output: str) -> set[str]:
    """Return the paths of the check failures that the CLI printed."""
    return set(re.findall(r"has a problem: (\S+): ", output))


def find_leak(text: str) -> str | None:
    """Return the text around the canary, or ``None``."""
    return leaks.find_leak(text, CANARY)


def _set_path(inputs: Any, path: Input, value: Any) -> Any:
    """Return the inputs with a value at a path, through mappings and lists."""
    if not path:
        return value
    first, *rest = path
    if isinstance(first, int):
        (inner,) = inputs or [{}]
        return [_set_path(inner, tuple(rest), value)]
    return {**(inputs or {}), first: _set_path((inputs or {}).get(first), tuple(rest), value)}


def _get_models_by_tag(union: Any, tag: str) -> dict[str, type[BaseModel]]:
    """Return the models of a union by their tags."""
    members = get_args(get_args(union)[0])
    return {get_args(one.model_fields[tag].annotation)[0]: one for one in members}


def _list_fields(model: type[BaseModel], *excluded: str) -> list[str]:
    return [name for name in model.model_fields if name not in excluded]


def _list_text_fields(model: type[BaseModel]) -> Iterator[str]:
    """Yield the fields that take any text."""
    texts = dict.fromkeys(model.model_fields, _TEXT[SECRET])
    with pytest.raises(ValidationError) as failure:
        model.model_validate(texts)
    return (name for name in texts if (name,) not in {one["loc"] for one in failure.value.errors()})


def _select_covering_models(models: Mapping[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Return enough models to cover all fields; every model is tried in a layer."""
    found: dict[str, type[BaseModel]] = {}
    for name, model in models.items():
        if model.model_fields.keys() - {key for one in found.values() for key in one.model_fields}:
            found[name] = model
    return found


def _build_cases() -> Iterator[tuple[str, Case]]:
    for kind in CLASSES:
        if kind not in {"StorageGate", "StorageLocation", "StorageWriter"}:
            yield kind, Case(kind, [(name,) for name in list_arguments(kind)], {})
    arguments = [(name,) for name in list_arguments("TrackRecording")]
    yield "TrackRecording in lists", Case("TrackRecording", arguments, {}, values=[_LIST])
    yield "TrackRecording layers", _build_layers_case()

    rest = [(name,) for name in list_arguments("StorageGate") if name != "storage_config"]
    sftp_config = {"storage_config": {"type": "sftp"}}
    yield "StorageGate", Case("StorageGate", rest, sftp_config)
    whole = [("storage_config",)]
    yield "StorageGate whole", Case("StorageGate", whole, {}, values=[_MAPPING])
    models = _select_covering_models(_get_models_by_tag(StorageConfig, "type"))
    yield from _build_cases_of_kinds("StorageGate", "storage_config", "type", models)
    yield from _build_cases_of_kinds(
        "StorageLocation",
        "location",
        "type",
        {name: get_location_model(name) for name in STORAGE_TYPES},
    )
    more = ("key_generation", "apps")
    writers = {name: get_writer_model(name) for name in list_types_with_writers()}
    yield from _build_cases_of_kinds("StorageWriter", "writer", "type", writers, more)


def _build_cases_of_kinds(
    kind: str,
    argument: str,
    tag: str,
    models: Mapping[str, type[BaseModel]],
    more: Sequence[str] = (),
) -> Iterator[tuple[str, Case]]:
    """Yield a case for each kind of storage, and one for the tag, which hides other failures."""
    yield f"{kind} {tag}", Case(kind, [(argument, tag)], {}, unreported=1)
    for name, model in models.items():
        fields = [*_list_fields(model, tag, "mark"), *more]
        invalid: list[Input] = [
            (argument, field) for field in fields if (kind, field) not in _NOT_CHECKED
        ]
        texts: frozenset[Input] = frozenset((argument, field) for field in _list_text_fields(model))
        yield (
            f"{kind} {name}",
            Case(kind, invalid, {argument: {tag: name}}, takes_text=texts, unreported=1),
        )


def _build_layers_case() -> Case:
    """Build a case with each field in its own layer; those of a storage share one."""
    output: Input = ("outputs", 0)
    config: Input = (*output, "storage_config")
    paths: list[Input] = [
        *((field,) for field in _list_fields(Layer)),
        *((*output, field) for field in _list_fields(Output)),
        (*config, "type"),
    ]
    invalid: list[Input] = [("layers", f"n{number}", *path) for number, path in enumerate(paths)]
    types: list[Input] = []
    texts: list[Input] = []
    for kind, model in _get_models_by_tag(StorageConfig, "type").items():
        types.append(("layers", kind, *config, "type"))
        invalid += [("layers", kind, *config, field) for field in _list_fields(model, "type")]
        texts += [("layers", kind, *config, field) for field in _list_text_fields(model)]
    others: dict[str, Any] = {"meeting_id": "a meeting"}
    others = reduce(lambda found, path: _set_path(found, path, path[1]), types, others)
    for path in [path for path in invalid if len(path) > len(output) + 2]:
        others = _set_path(others, (*path[:4], "type"), "STORAGE_CONFIG")
    return Case("TrackRecording", invalid, others, takes_text=frozenset(texts))


CASES = dict(_build_cases())
