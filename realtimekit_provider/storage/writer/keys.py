"""The life of a writer: an identity in the cloud for each generation of its key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.apps import apply_default_apps, validate_apps
from realtimekit_provider.deployment.ports import Reporter
from realtimekit_provider.schema.input_diff import InputDiff, diff_inputs
from realtimekit_provider.schema.input_failures import InputFailure, validate_model
from realtimekit_provider.storage.backends.base_models import WriterModel
from realtimekit_provider.storage.backends.registry import types_with_writers, writer_model
from realtimekit_provider.storage.writer.rotation import (
    removable_generations,
    retired_generations,
    validate_generation,
)

__all__ = [
    "WriterPorts",
    "apply_writer_defaults",
    "create_writer",
    "credential_from",
    "delete_writer",
    "diff_writer",
    "parse_writer",
    "update_writer",
    "validate_writer",
]

_OURS = frozenset({"key_generation", "intact", "apps", "resource_urn", "older"}) | SECRET_KEYS


@dataclass(frozen=True)
class WriterPorts:
    """What can be done to a writer.

    Attributes:
        make: Makes a generation and returns its credential.
        is_intact: Whether a generation with this credential is as it was made.
        restore: Brings a generation's rights, and when they end, to what is declared.
        remove: Deletes a generation.
        live: The recordings that may still write; ``None`` where nobody can be asked.
        now: The time, by the server's clock where it is known.
    """

    make: Callable[[int], Mapping[str, str]]
    is_intact: Callable[[int, Mapping[str, str]], bool]
    restore: Callable[[int], None]
    remove: Callable[[int], None]
    live: Callable[[], Iterable[Recording] | None]
    now: Callable[[], datetime]
    reporter: Reporter


def apply_writer_defaults(
    given: Mapping[str, Any], previous: Mapping[str, Any], default_apps: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the inputs with what the user may leave out; the apps are the stack's by default.

    Mark and name are kept from the last deployment: an alias renames the resource, and its
    identities in the cloud, which recordings write with, stay what they are.
    """
    named = {key: value for key, value in given.items() if value is not None}
    kept = {key: previous.get(key) or named.get(key) for key in ("mark", "name")}
    return apply_default_apps({"key_generation": 1, **named, **kept, "intact": True}, default_apps)


def validate_writer(
    inputs: Mapping[str, Any], previous: Mapping[str, Any]
) -> Iterator[InputFailure]:
    """Yield everything that is wrong with a writer's inputs, passing over what is unknown."""
    model = _find_model(inputs)
    if model is None:
        yield InputFailure("kind", f"must be one of {', '.join(sorted(types_with_writers()))}")
    else:
        yield from validate_model(model, _spec(inputs))
    reason = validate_generation(inputs.get("key_generation"), previous.get("key_generation"))
    if reason is not None:
        yield InputFailure("key_generation", reason)
    yield from validate_apps(inputs)


def parse_writer(inputs: Mapping[str, Any]) -> WriterModel:
    """Return the writer that valid inputs describe."""
    return writer_model(inputs["kind"]).model_validate(_spec(inputs))


def credential_from(stored: Mapping[str, Any]) -> dict[str, str]:
    """Return the credential of the current generation, as the state keeps it."""
    return {key: stored[key] for key in SECRET_KEYS if stored.get(key)}


def diff_writer(before: Mapping[str, Any], after: Mapping[str, Any]) -> InputDiff:
    """Return what changes, what an earlier rotation had to leave in place included."""
    ignored = SECRET_KEYS | {"older", "resource_urn", "mark"}
    models = filter(None, (_find_model(before), _find_model(after)))
    replace_on = {"kind"}.union(*(model.replace_on for model in models))
    found = diff_inputs(before, after, replace_on=replace_on, ignored=ignored)
    current = int(before.get("key_generation", 1))
    left = any(int(number) < current - 1 for number in before.get("older") or {})
    return InputDiff(found.replaces, (*found.updates, *(("older",) if left else ())))


def create_writer(inputs: Mapping[str, Any], ports: WriterPorts) -> dict[str, Any]:
    """Make the writer, and return what state keeps of it."""
    return {**ports.make(int(inputs["key_generation"])), "older": {}}


def update_writer(
    before: Mapping[str, Any], after: Mapping[str, Any], ports: WriterPorts
) -> dict[str, Any]:
    """Bring the writer to what is declared: rotate its key, mend it, let old keys go."""
    current, wanted = int(before["key_generation"]), int(after["key_generation"])
    credential = credential_from(before)
    if wanted != current:
        credential = dict(ports.make(wanted))
    elif parse_writer(before) != parse_writer(after) or not ports.is_intact(current, credential):
        ports.restore(current)
        if not ports.is_intact(current, credential):
            ports.reporter.warning("the writer's key was deleted elsewhere: a new one is made")
            credential = dict(ports.make(current))
    # Asking first also tells the server's time.
    live = ports.live()
    older = retired_generations(before.get("older") or {}, current, wanted, ports.now())
    for generation in removable_generations(older, wanted, live):
        ports.remove(generation)
        del older[str(generation)]
    _tell_about_what_stays(older, wanted, ports.reporter)
    return {**credential, "older": older}


def delete_writer(before: Mapping[str, Any], ports: WriterPorts) -> None:
    """Delete every generation of the writer."""
    for generation in (*map(int, before.get("older") or {}), int(before["key_generation"])):
        ports.remove(generation)


def _tell_about_what_stays(older: Mapping[str, str], current: int, reporter: Reporter) -> None:
    kept = sorted(int(number) for number in older if int(number) < current - 1)
    if kept:
        reporter.notice(
            f"key generation {', '.join(map(str, kept))} stays: a recording that was started with "
            "it may still write. A later deployment deletes it"
        )


def _find_model(inputs: Mapping[str, Any]) -> type[WriterModel] | None:
    kind = str(inputs.get("kind"))
    return writer_model(kind) if kind in types_with_writers() else None


def _spec(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inputs.items() if key not in _OURS}
