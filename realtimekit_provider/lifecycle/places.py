"""What becomes of a place when its declaration changes, or somebody changed it elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from realtimekit_provider.lifecycle.differences import Changes, changes
from realtimekit_provider.lifecycle.problems import Problem, invalid
from realtimekit_provider.lifecycle.run_memory import Whereabouts
from realtimekit_provider.wire.places import (
    AwsPlace,
    AzurePlace,
    GcsPlace,
    Place,
    SftpPlace,
    SpacesPlace,
)
from realtimekit_provider.wire.values import adapter_of, in_clear

__all__ = [
    "place_changes",
    "place_inputs",
    "place_of",
    "place_problems",
    "place_values",
    "whereabouts",
]

_MODELS: Mapping[str, type[BaseModel]] = {
    "aws": AwsPlace,
    "azure": AzurePlace,
    "digitalocean": SpacesPlace,
    "gcs": GcsPlace,
    "sftp": SftpPlace,
}
_TOLD_APART_BY: Mapping[str, tuple[str, ...]] = {
    "aws": ("bucket",),
    "azure": ("account", "bucket"),
    "digitalocean": ("region", "bucket"),
    "gcs": ("bucket",),
    "sftp": ("host", "port", "username", "path"),
}
_ANOTHER_PLACE = frozenset(
    {
        "kind",
        "account",
        "project",
        "bucket",
        "region",
        "endpoint",
        "host",
        "port",
        "path",
    }
)


def place_inputs(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs with every default written out, so that a refresh can show its drift."""
    model = _MODELS.get(str(given.get("kind")))
    fields = model.model_fields if model is not None else {}
    defaults = {name: field.default for name, field in fields.items() if not field.is_required()}
    named = {key: value for key, value in given.items() if value is not None}
    return {key: value for key, value in {**defaults, **named}.items() if value is not None}


def place_problems(inputs: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield everything that is wrong with a place's inputs, passing over what is unknown."""
    model = _MODELS.get(str(inputs.get("kind")))
    if model is None:
        yield Problem("kind", f"must be one of {', '.join(sorted(_MODELS))}")
    else:
        yield from invalid(model, inputs)


def place_of(inputs: Mapping[str, Any]) -> Place:
    """Return the place that valid inputs describe."""
    place: Place = adapter_of(Place).validate_python(dict(inputs))
    return place


def place_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """Return what changes: whatever says where it is makes another place of it."""
    return changes(before, after, another=_ANOTHER_PLACE)


def place_values(place: Place) -> dict[str, Any]:
    """Return a place as inputs, its credentials in clear."""
    values = in_clear(place.model_dump(exclude_none=True, warnings=False))
    return dict(values)


def whereabouts(inputs: Mapping[str, Any]) -> Whereabouts | None:
    """Return what tells the place from all others, ``None`` where that is not known."""
    kind = str(inputs.get("kind"))
    told = {name: inputs.get(name) for name in _TOLD_APART_BY.get(kind, ())}
    if not told or not all(isinstance(value, str | int) for value in told.values()):
        return None
    path, user = str(told.pop("path", "")), told.pop("username", None)
    parts = [str(value).lower() for value in told.values()]
    return (kind, *parts, *(_folders(path, str(user)) if path else ()))


def _folders(path: str, user: str) -> tuple[str, ...]:
    """A path that does not begin at the root begins in the home of its user."""
    whole = posixpath.normpath(path)
    begin = "/" if whole.startswith("/") else f"~{user}"
    return (begin, *(part for part in whole.split("/") if part not in {"", "."}))
