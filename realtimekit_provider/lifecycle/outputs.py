"""What a recording has beside its inputs, by name; loaded also where no model is."""

from __future__ import annotations

__all__ = ["FACTS"]

FACTS = (
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
"""The outputs of a recording beside the mirror of its inputs."""
