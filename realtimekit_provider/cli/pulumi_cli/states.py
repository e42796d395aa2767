"""A stack's exported state, as far as the command line asks for it: pure, nothing is decrypted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.engine.property_codec import decode
from realtimekit_provider.recordings.stored import StoredRecording
from realtimekit_provider.schema.urn import TYPES, parse_name, parse_project

__all__ = ["StackState", "StateRecording", "parse_state"]


@dataclass(frozen=True)
class StateRecording:
    """A recording that a state has.

    Attributes:
        urn: The URN of its resource.
        stored: What the state says of it; encrypted values are left as they are.
        is_leftover: Whether it only waits to be deleted, because a replacement was interrupted.
        is_interrupted: Whether an operation on it has begun, and the state does not have its end.
    """

    urn: str
    stored: StoredRecording
    is_leftover: bool = False
    is_interrupted: bool = False

    @property
    def name(self) -> str:
        """The name that the program gives it."""
        return parse_name(self.urn)


@dataclass(frozen=True)
class StackState:
    """What a stack's state says.

    Attributes:
        stack: The stack's name.
        identity: The value of its identity, ``None`` where it has none yet.
        recordings: The recordings, in the state's order.
        storage: The URN of each location, writer and gate.
        pending_operations: The URN of each resource whose operation was interrupted, with what it
            was, such as ``creating``.
        resource_count: How many resources the state has, of any type.
        project: The project that they are of, ``None`` where there are none.
    """

    stack: str
    identity: str | None
    recordings: tuple[StateRecording, ...]
    storage: tuple[str, ...]
    pending_operations: tuple[tuple[str, str], ...]
    resource_count: int
    project: str | None = None


def parse_state(stack: str, exported: Mapping[str, Any]) -> StackState:
    """Return what ``pulumi stack export`` says of a stack.

    Args:
        stack: The stack's name.
        exported: The document; a stack that was never deployed has no resources in it.
    """
    deployment = exported.get("deployment") or {}
    resources = deployment.get("resources") or []
    pending = [
        (str(one.get("resource", {}).get("urn", "")), str(one.get("type", "")))
        for one in deployment.get("pending_operations") or ()
    ]
    interrupted = {urn for urn, _ in pending}
    identities = [_get_outputs(one).get("value") for one in _select(resources, "StackIdentity")]
    return StackState(
        stack,
        next((value for value in identities if isinstance(value, str)), None),
        tuple(
            _parse_recording(one, is_interrupted=one["urn"] in interrupted)
            for one in _select(resources, "TrackRecording")
        ),
        tuple(
            str(one["urn"])
            for kind in ("StorageLocation", "StorageWriter", "StorageGate")
            for one in _select(resources, kind)
        ),
        tuple(pending),
        len(resources),
        next((parse_project(str(one["urn"])) for one in resources), None),
    )


def _select(resources: list[Any], kind: str) -> Iterator[Mapping[str, Any]]:
    return (one for one in resources if one.get("type") == f"{TYPES}:{kind}")


def _parse_recording(resource: Mapping[str, Any], *, is_interrupted: bool) -> StateRecording:
    stored = StoredRecording.from_props(
        str(resource.get("id", "")),
        decode({**resource.get("inputs", {}), **_get_outputs(resource)}),
    )
    is_leftover = bool(resource.get("delete"))
    return StateRecording(str(resource["urn"]), stored, is_leftover, is_interrupted)


def _get_outputs(resource: Mapping[str, Any]) -> Mapping[str, Any]:
    outputs: Mapping[str, Any] = resource.get("outputs") or {}
    return outputs
