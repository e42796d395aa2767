"""A writer's inputs: their defaults, what is wrong with them, and what a change of them needs.

State keeps the inputs and, beside them:

- ``access_key`` and ``secret``, the credential of the current generation of the key;
- ``previous_keys``, the number of each previous generation that still exists, with the time at
  which its successor was created;
- ``in_sync``, an input that is always true; a refresh finds it false where somebody changed the
  writer in its cloud.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from typing_extensions import Self

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.writing_apps import apply_default_apps, validate_apps
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.schema.values import list_defaults, omit_keys
from realtimekit_provider.storage.backends.base_models import KeyModel, WriterModel
from realtimekit_provider.storage.backends.ports import Credential
from realtimekit_provider.storage.backends.registry import get_writer_model, list_types_with_writers
from realtimekit_provider.storage.writer.rotation import (
    list_overdue_generations,
    validate_generation,
)

__all__ = [
    "WRITER_OUTPUTS",
    "StoredWriter",
    "WriterInputs",
    "WriterKeys",
    "apply_writer_defaults",
    "diff_writer",
    "validate_writer",
]

WRITER_OUTPUTS = SECRET_KEYS | {"previous_keys"}
"""What state keeps of a writer beside its inputs."""

_NOT_IN_MODEL = WRITER_OUTPUTS | {"key_generation", "in_sync", "apps", "resource_urn"}


_NO_KEYS: Mapping[str, str] = MappingProxyType({})


class WriterInputs(NamedTuple):
    """A writer as it is declared.

    Attributes:
        writer: What the identity in the cloud is to be.
        key_generation: The number of the key.
    """

    writer: WriterModel
    key_generation: int

    @classmethod
    def from_props(cls, inputs: Mapping[str, Any]) -> Self:
        """Return the writer that valid inputs, or a writer's state, describe."""
        model = get_writer_model(inputs["type"])
        writer = model.model_validate(omit_keys(inputs, _NOT_IN_MODEL))
        return cls(writer, int(inputs["key_generation"]))


class WriterKeys(NamedTuple):
    """What state keeps of a writer beside its inputs.

    Attributes:
        credential: That of the current generation: ``access_key``, ``secret`` or both.
        previous: The number of each previous generation that still exists, with the time in
            ISO 8601 at which its successor was created.
    """

    credential: Credential
    previous: Mapping[str, str] = _NO_KEYS

    def to_props(self) -> dict[str, object]:
        """Return the keys as state keeps them: the credential's, and ``previous_keys``."""
        return {**self.credential, "previous_keys": dict(self.previous)}


class StoredWriter(NamedTuple):
    """A writer as the last deployment left it."""

    inputs: WriterInputs
    keys: WriterKeys

    @classmethod
    def from_props(cls, stored: Mapping[str, Any]) -> Self:
        """Return the writer that state keeps."""
        credential = {key: stored[key] for key in SECRET_KEYS if stored.get(key)}
        keys = WriterKeys(credential, stored.get("previous_keys") or _NO_KEYS)
        return cls(WriterInputs.from_props(stored), keys)


def apply_writer_defaults(
    given: Mapping[str, Any], previous: Mapping[str, Any], default_apps: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the inputs with what the user may leave out; the apps are the stack's by default.

    Mark and name are those of the last deployment: an alias renames the resource, and its
    identities in the cloud, which recordings write with, stay what they are.

    The keys are those that are given, ``name``, ``mark``, ``key_generation``, ``in_sync`` and,
    where an app is known, ``apps``.
    """
    named = {key: value for key, value in given.items() if value is not None}
    identity = {key: previous.get(key) or named.get(key) for key in ("mark", "name")}
    inputs = {**list_defaults(KeyModel), **named, **identity, "in_sync": True}
    return apply_default_apps(inputs, default_apps)


def validate_writer(
    inputs: Mapping[str, Any], previous: Mapping[str, Any]
) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a writer's inputs, ignoring what is unknown."""
    model = _find_model(inputs.get("type"))
    if model is None:
        yield InputFailure("type", f"must be one of {', '.join(sorted(list_types_with_writers()))}")
    else:
        found = validate_model(model, omit_keys(inputs, _NOT_IN_MODEL))
        # It is not for users: a writer without one is told of by the identity.
        yield from (failure for failure in found if failure.path != "mark")
    reason = validate_generation(inputs.get("key_generation"), previous.get("key_generation"))
    if reason is not None:
        yield InputFailure("key_generation", reason)
    yield from validate_apps(inputs)


def diff_writer(before: Mapping[str, Any], after: Mapping[str, Any]) -> InputDiff:
    """Return what changes; previous generations that are yet to be deleted are a change."""
    models = filter(None, (_find_model(one.get("type")) for one in (before, after)))
    replace_on = frozenset({"type"}).union(*(model.replace_on for model in models))
    ignored = WRITER_OUTPUTS | {"resource_urn", "mark"}
    found = diff_inputs(before, after, replace_on=replace_on, ignored=ignored)
    current = int(before.get("key_generation", 1))
    if not list_overdue_generations(before.get("previous_keys") or {}, current):
        return found
    return InputDiff(found.replaces, (*found.updates, "previous_keys"))


def _find_model(storage_type: object) -> type[WriterModel] | None:
    is_known = storage_type in list_types_with_writers()
    return get_writer_model(str(storage_type)) if is_known else None
