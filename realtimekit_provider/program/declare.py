"""Declares what a stack's config says, and summarizes it for a reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from realtimekit_provider.identity.resource import declare_identity
from realtimekit_provider.program.load import selected_stack_config
from realtimekit_provider.program.references import StackConfig
from realtimekit_provider.program.sections import SECTIONS
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.program.storage_url import format_storage_url
from realtimekit_provider.recordings.resource import TrackRecording
from realtimekit_provider.schema.normal_forms import DEFAULT_OUTPUTS

__all__ = ["declare", "summary"]


def declare(stack: Stack, config: StackConfig | None = None) -> dict[str, TrackRecording]:
    """Declare every section of a stack: its storage, then a :class:`TrackRecording` each.

    The stack's identity is declared also where the sections are empty, so that it can refuse a
    config that has lost what it declared.

    Args:
        stack: What :func:`~realtimekit_provider.program.load.load` returned.
        config: The config that its references name; the selected stack's by default.

    Returns:
        The recordings by their name.
    """
    source = selected_stack_config() if config is None else config
    declare_identity(declares=any(stack.sections.values()))
    declared: dict[str, Mapping[str, Any]] = {}
    for section in SECTIONS:
        declared[section.name] = section.declare(stack, source, declared)
    return dict(declared["recordings"])


def summary(stack: Stack, resources: Mapping[str, TrackRecording]) -> dict[str, Any]:
    """Return what the stack exports of each recording, by its name; nothing of it is secret.

    The keys are ``id``, ``status``, ``desired_state``, ``meeting_id``, ``invoked_time``,
    ``storage_applied``, ``files`` (where each layer's files go) and ``warning``.
    """
    return {
        name: {
            "id": resource.id,
            "status": resource.status,
            "desired_state": resource.desired_state,
            "meeting_id": resource.meeting_id,
            "invoked_time": resource.invoked_time,
            "storage_applied": resource.storage_applied,
            "files": {
                layer: list(_list_destinations(settings, stack))
                for layer, settings in stack.recordings[name]["layers"].items()
            },
            "warning": resource.warning,
        }
        for name, resource in resources.items()
    }


def _list_destinations(layer: Mapping[str, Any], stack: Stack) -> Iterator[str]:
    outputs: Sequence[Mapping[str, Any]] = layer.get("outputs") or DEFAULT_OUTPUTS
    for output in outputs:
        storage = stack.storage.get(output.get("storage", "")) or output.get("storage_config")
        yield format_storage_url(storage) if storage else "Cloudflare's bucket, for seven days"
