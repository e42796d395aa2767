"""Declares the recordings of a stack, and sums up what a reviewer wants to see of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.dynamic.track_recording import TrackRecording
from realtimekit_provider.stack.load import selected_stack
from realtimekit_provider.stack.references import StackConfig, resolved

__all__ = ["declare", "summary"]


def declare(
    recordings: Mapping[str, Mapping[str, Any]], config: StackConfig | None = None
) -> dict[str, TrackRecording]:
    """Declare a :class:`TrackRecording` for each recording of a stack, by its name."""
    stack = selected_stack() if config is None else config
    return {
        name: TrackRecording(name, **resolved(arguments, stack))
        for name, arguments in recordings.items()
    }


def summary(
    recordings: Mapping[str, Mapping[str, Any]], resources: Mapping[str, TrackRecording]
) -> dict[str, Any]:
    """Return what the stack exports of each recording: nothing of it is secret."""
    return {
        name: {
            "id": resource.id,
            "status": resource.status,
            "desired_state": resource.desired_state,
            "meeting_id": resource.meeting_id,
            "invoked_time": resource.invoked_time,
            "storage_applied": resource.storage_applied,
            "files": {
                layer: list(_destinations(settings))
                for layer, settings in recordings[name]["layers"].items()
            },
            "warning": resource.warning,
        }
        for name, resource in resources.items()
    }


def _destinations(layer: Mapping[str, Any]) -> Iterator[str]:
    for output in layer.get("outputs") or [{"type": "REALTIMEKIT_BUCKET"}]:
        storage = output.get("storage_config")
        yield _place(storage) if storage else "Cloudflare's bucket, for seven days"


def _place(storage: Mapping[str, Any]) -> str:
    path = str(storage.get("path") or "").strip("/")
    if storage["type"] == "sftp":
        return f"sftp://{storage['username']}@{storage['host']}:{storage['port']}/{path}"
    return f"{storage['type']}://{storage['bucket']}/{path}"
