"""What every resource and component takes, read from signatures and models, and values to refuse.

A new argument, field or class is among them by itself.
"""

from __future__ import annotations

import base64
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
from realtimekit_provider.schema.input_failures import format_path
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    location_model,
    types_with_writers,
    writer_model,
)
from realtimekit_provider.storage.gate import resource as gate
from realtimekit_provider.storage.location import resource as location
from realtimekit_provider.storage.writer import resource as writer

__all__ = [
    "CANARY",
    "CASES",
    "CLASSES",
    "SECRET",
    "Case",
    "Input",
    "arguments_of",
    "betrays",
    "refused_in",
]

CANARY = "CANARY-5d1cb0e7"
SECRET = "a secret"
"""What stands below this key is given as a secret."""

_TEXT = {SECRET: f'{CANARY} /\\..\n"{CANARY}"'}
_LIST = [{"secret": {SECRET: CANARY}}]
_MAPPING = {SECRET: {"type": CANARY, "secret": CANARY}}

Input = tuple[str | int, ...]
"""Where a value is given: an argument, and the way into it."""

CLASSES: Mapping[str, type[Resource]] = {
    name: kind
    for room in (realtimekit_provider, storage, gate, location, writer)
    for name in room.__all__
    if issubclass(kind := getattr(room, name), Resource)
}

_ONLY_PLAIN = {
    ("AwsRecordingBucket", "encryption"),
    ("AwsRecordingBucket", "prefix"),
    ("AzureRecordingContainer", "path"),
    ("GcsRecordingBucket", "prefix"),
    ("SpacesRecordingBucket", "prefix"),
}
"""Texts that a component composes in Python: an output there ends the program with a TypeError, so
they are given in clear, which the engine would print all the same."""

_NOT_CHECKED = {("StorageWriter", "apps")}
"""Taken as they are: in a component the gate refuses them."""

_CALLED_OTHERWISE: Mapping[str, frozenset[str]] = {
    "container": frozenset({"bucket"}),
    "key": frozenset({"secret"}),
    "prefix": frozenset({"path"}),
    "storage_config": frozenset({"type"}),
}
"""Inputs whose mistakes are told under another name."""


@dataclass(frozen=True)
class Case:
    """A resource, and those of its inputs that are all wrong at once.

    Attributes:
        kind: The name of its class.
        wrong: The inputs; each is to be refused by its path.
        beside: What is given beside them.
        shapes: The values to try in turn: not every input refuses a text.
        takes_text: Those that take any text, and begin with the next shape.
        unnamed: How much of an input's way is in no path: a mapping that is the inputs.
    """

    kind: str
    wrong: Sequence[Input]
    beside: Mapping[str, Any]
    shapes: Sequence[Any] = (_TEXT, _LIST)
    takes_text: frozenset[Input] = frozenset()
    unnamed: int = 0

    def given(self, wrong: Sequence[Input], turn: int, right: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the program gives: these inputs wrong, in another shape each turn."""
        inputs: dict[str, Any] = {**right, **self.beside}
        for way in wrong:
            shape = self.shapes[(turn + (way in self.takes_text)) % len(self.shapes)]
            plain = (self.kind, way[0]) in _ONLY_PLAIN
            inputs = _put(inputs, way, _TEXT[SECRET] if plain else shape)
        return inputs

    def is_refused(self, way: Input, paths: set[str]) -> bool:
        """Whether an input is among the paths that were refused."""
        names = {format_path(way[self.unnamed :])} | _CALLED_OTHERWISE.get(
            str(way[-1]), frozenset()
        )
        return any(
            re.match(rf"{re.escape(name)}($|[.\[])", path) for name in names for path in paths
        )


def arguments_of(kind: str) -> list[str]:
    """Return the names of a resource's inputs."""
    _, _, *inputs = inspect.signature(CLASSES[kind].__init__).parameters
    return [name for name in inputs if name != "opts"]


def refused_in(output: str) -> set[str]:
    """Return the paths of the check failures that the CLI printed."""
    return set(re.findall(r"has a problem: (\S+): ", output))


def betrays(text: str) -> str | None:
    """Return what stands around the canary in a text, in clear or in base64."""
    found = re.search("|".join(map(re.escape, _spellings())), text)
    return text[max(0, found.start() - 200) : found.end() + 80] if found else None


def _spellings() -> Iterator[str]:
    yield CANARY
    for before in range(3):
        # Left out is what stands beside it in the first and the last character.
        encoded = base64.b64encode(b"x" * before + CANARY.encode()).decode().rstrip("=")
        yield encoded[before and before + 1 : -1]


def _put(inputs: Any, way: Input, value: Any) -> Any:
    """Return the inputs with a value put where a way leads, through mappings and lists."""
    if not way:
        return value
    first, *rest = way
    if isinstance(first, int):
        (inside,) = inputs or [{}]
        return [_put(inside, tuple(rest), value)]
    return {**(inputs or {}), first: _put((inputs or {}).get(first), tuple(rest), value)}


def _models(union: Any, tag: str) -> dict[str, type[BaseModel]]:
    """Return the models of a union by their tags."""
    members = get_args(get_args(union)[0])
    return {get_args(one.model_fields[tag].annotation)[0]: one for one in members}


def _fields(model: type[BaseModel], *but: str) -> list[str]:
    return [name for name in model.model_fields if name not in but]


def _texts(model: type[BaseModel]) -> Iterator[str]:
    """Yield the fields that take any text."""
    texts = dict.fromkeys(model.model_fields, _TEXT[SECRET])
    with pytest.raises(ValidationError) as refused:
        model.model_validate(texts)
    return (name for name in texts if (name,) not in {one["loc"] for one in refused.value.errors()})


def _that_differ(models: Mapping[str, type[BaseModel]]) -> dict[str, type[BaseModel]]:
    """Return as many models as have all fields; each by itself is tried in a layer."""
    found: dict[str, type[BaseModel]] = {}
    for name, model in models.items():
        if model.model_fields.keys() - {key for one in found.values() for key in one.model_fields}:
            found[name] = model
    return found


def _cases() -> Iterator[tuple[str, Case]]:
    for kind in CLASSES:
        if kind not in {"StorageGate", "StorageLocation", "StorageWriter"}:
            yield kind, Case(kind, [(name,) for name in arguments_of(kind)], {})
    arguments = [(name,) for name in arguments_of("TrackRecording")]
    yield "TrackRecording in lists", Case("TrackRecording", arguments, {}, shapes=[_LIST])
    yield "TrackRecording layers", _layers()

    rest = [(name,) for name in arguments_of("StorageGate") if name != "storage_config"]
    of_sftp = {"storage_config": {"type": "sftp"}}
    yield "StorageGate", Case("StorageGate", rest, of_sftp)
    whole = [("storage_config",)]
    yield "StorageGate whole", Case("StorageGate", whole, {}, shapes=[_MAPPING])
    models = _that_differ(_models(StorageConfig, "type"))
    yield from _of_kinds("StorageGate", "storage_config", "type", models)
    locations = {name: location_model(name) for name in STORAGE_TYPES}
    yield from _of_kinds("StorageLocation", "location", "kind", locations)
    beside_the_model = ("key_generation", "apps")
    writers = {name: writer_model(name) for name in types_with_writers()}
    yield from _of_kinds("StorageWriter", "writer", "kind", writers, beside_the_model)


def _of_kinds(
    kind: str,
    argument: str,
    tag: str,
    models: Mapping[str, type[BaseModel]],
    more: Sequence[str] = (),
) -> Iterator[tuple[str, Case]]:
    """Yield a case for each kind of storage, and one for the tag, which hides the others."""
    yield f"{kind} {tag}", Case(kind, [(argument, tag)], {}, unnamed=1)
    for name, model in models.items():
        fields = [*_fields(model, tag, "mark"), *more]
        wrong: list[Input] = [
            (argument, field) for field in fields if (kind, field) not in _NOT_CHECKED
        ]
        texts: frozenset[Input] = frozenset((argument, field) for field in _texts(model))
        yield (
            f"{kind} {name}",
            Case(kind, wrong, {argument: {tag: name}}, takes_text=texts, unnamed=1),
        )


def _layers() -> Case:
    """Each field in a layer of its own, but for those of a storage, which hide nothing."""
    output: Input = ("outputs", 0)
    config: Input = (*output, "storage_config")
    ways: list[Input] = [
        *((field,) for field in _fields(Layer)),
        *((*output, field) for field in _fields(Output)),
        (*config, "type"),
    ]
    wrong: list[Input] = [("layers", f"n{number}", *way) for number, way in enumerate(ways)]
    types: list[Input] = []
    texts: list[Input] = []
    for kind, model in _models(StorageConfig, "type").items():
        types.append(("layers", kind, *config, "type"))
        wrong += [("layers", kind, *config, field) for field in _fields(model, "type")]
        texts += [("layers", kind, *config, field) for field in _texts(model)]
    beside: dict[str, Any] = {"meeting_id": "a meeting"}
    beside = reduce(lambda found, way: _put(found, way, way[1]), types, beside)
    for way in [way for way in wrong if len(way) > len(output) + 2]:
        beside = _put(beside, (*way[:4], "type"), "STORAGE_CONFIG")
    return Case("TrackRecording", wrong, beside, takes_text=frozenset(texts))


CASES = dict(_cases())
