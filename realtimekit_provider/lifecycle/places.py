"""What becomes of a place when its declaration changes, or somebody changed it elsewhere."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from realtimekit_provider.lifecycle.differences import changed_paths
from realtimekit_provider.lifecycle.problems import Problem, invalid, path_text
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
    "Changes",
    "changes",
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


@dataclass(frozen=True)
class Changes:
    """The paths of the inputs for which something else is needed, and those that are updated."""

    replaces: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether everything is as declared."""
        return not (self.replaces or self.updates)


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
        yield from invalid(model.model_validate, inputs)


def place_of(inputs: Mapping[str, Any]) -> Place:
    """Return the place that valid inputs describe."""
    place: Place = adapter_of(Place).validate_python(dict(inputs))
    return place


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


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], another: frozenset[str] = _ANOTHER_PLACE
) -> Changes:
    """Compare the inputs of then and now; what is unknown counts as changed.

    Args:
        before: The stored inputs.
        after: The inputs as declared now; any part may be unknown.
        another: The inputs whose change needs another resource.
    """
    paths = list(changed_paths(before, after))
    replaces = [path for path in paths if path[0] in another]
    updates = [path for path in paths if path[0] not in another]
    return Changes(tuple(map(path_text, replaces)), tuple(map(path_text, updates)))
