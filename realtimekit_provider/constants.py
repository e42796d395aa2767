"""Names and numbers that several packages share; loaded everywhere, so it imports nothing."""

from __future__ import annotations

from typing import Final

__all__ = [
    "COMPUTED_OUTPUTS",
    "IDENTITY_NAME",
    "MARK_WORD",
    "MAX_WORKERS",
    "SECRET_KEYS",
    "UPLOAD_DEADLINE",
]

SECRET_KEYS = frozenset({"access_key", "secret", "password", "private_key"})
"""The keys of a ``storage_config`` whose values are credentials (API reference)."""

MARK_WORD = "{mark}"
"""The word in a user's file name prefix that stands for the resource's mark."""

IDENTITY_NAME: Final = "identity"
"""The name of the one ``StackIdentity`` of a stack."""

COMPUTED_OUTPUTS = (
    "status",
    "session_id",
    "output_file_name",
    "invoked_time",
    "started_time",
    "stopped_time",
    "recording_duration",
    "start_reason",
    "stop_reason",
    "storage_applied",
    "warning",
)
"""The outputs of a ``TrackRecording`` that are not among its inputs."""

UPLOAD_DEADLINE: Final = 900.0
"""Seconds that a gate waits for the last upload, where nobody says otherwise."""

MAX_WORKERS: Final = 16
"""How many operations the provider's process does at once, at most."""
