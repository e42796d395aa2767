"""When the files of a recording vanish from Cloudflare's own bucket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from realtimekit_provider.api.models.recording import Recording, parse_time
from realtimekit_provider.cli.inventory.rows import EXPIRES_SOON, Row
from realtimekit_provider.recordings.stored import StoredRecording

__all__ = ["explain_expiry", "find_expiry"]

_KEPT = timedelta(days=7)
_OWN_BUCKET = "REALTIMEKIT_BUCKET"


def find_expiry(recording: Recording, stored: StoredRecording | None) -> datetime | None:
    """Return when files of a recording vanish, ``None`` where none are in Cloudflare's bucket.

    Args:
        recording: What the API says of it.
        stored: What a state says of it; without, the storage counts that the API reports.
    """
    if recording.status != "UPLOADED" or not _is_in_own_bucket(recording, stored):
        return None
    stopped = parse_time(recording.stopped_time)
    last = parse_time(recording.download_url_expiry)
    return last or (stopped + _KEPT if stopped is not None else None)


def explain_expiry(row: Row, now: datetime) -> str:
    """Return what to add to a row's reason because of its files, empty where there is nothing."""
    if row.expires is None or row.expires - now > EXPIRES_SOON:
        return ""
    if row.expires <= now:
        return ". Its files are no longer in Cloudflare's bucket"
    hours = (row.expires - now) / timedelta(hours=1)
    at = f"{row.expires:%Y-%m-%d %H:%M} UTC"
    return f". Its files in Cloudflare's bucket vanish in {hours:.0f} h, at {at}: fetch them"


def _is_in_own_bucket(recording: Recording, stored: StoredRecording | None) -> bool:
    if stored is None:
        return recording.storage_config is None
    if stored.outputs.storage_applied == "no":
        return True
    layers = stored.inputs.values.get("layers") or {}
    return any(map(_has_own_bucket, layers.values()))


def _has_own_bucket(layer: Any) -> bool:
    outputs = layer.get("outputs") or [{"type": _OWN_BUCKET}]
    return any(output.get("type") == _OWN_BUCKET for output in outputs)
