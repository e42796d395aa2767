"""Declares what a stack's config says, and summarizes it for a reviewer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.engine.settings import read_settings
from realtimekit_provider.program.load import Stack, selected_stack_config
from realtimekit_provider.program.references import StackConfig, resolve_references
from realtimekit_provider.program.storage import (
    add_apps_of_recordings,
    declare_storage,
    resolve_named_storage,
)
from realtimekit_provider.recordings.resource import TrackRecording

__all__ = ["declare", "summary"]


def declare(stack: Stack, config: StackConfig | None = None) -> dict[str, TrackRecording]:
    """Declare the storage of a stack and a :class:`TrackRecording` for each recording.

    Args:
        stack: What :func:`~realtimekit_provider.program.load.load` returned.
        config: The config that its references name; the selected stack's by default.

    Returns:
        The recordings by their name.
    """
    source = selected_stack_config() if config is None else config
    storage = add_apps_of_recordings(
        stack.storage, stack.recordings, read_settings(source).defaults
    )
    components = declare_storage(storage, source)
    return {
        name: TrackRecording(
            name, **resolve_named_storage(resolve_references(arguments, source), components)
        )
        for name, arguments in stack.recordings.items()
    }


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
    for output in layer.get("outputs") or [{"type": "REALTIMEKIT_BUCKET"}]:
        storage = stack.storage.get(output.get("storage")) or output.get("storage_config")
        yield _format_url(storage) if storage else "Cloudflare's bucket, for seven days"


def _format_url(storage: Mapping[str, Any]) -> str:
    path = str(storage.get("path") or storage.get("prefix") or "").strip("/")
    if storage["type"] == "sftp":
        port = storage.get("port", 22)
        return f"sftp://{storage['username']}@{storage['host']}:{port}/{path}"
    return f"{storage['type']}://{storage.get('container') or storage['bucket']}/{path}"
