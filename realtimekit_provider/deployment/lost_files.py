"""What is said where files of a recording were lost, or may be: once, by who sees it first."""

from __future__ import annotations

from typing import Protocol

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.status import GONE
from realtimekit_provider.deployment.ports import Reporter
from realtimekit_provider.deployment.run_registry import RunRegistry

__all__ = ["describe_lost_files", "may_lack_files", "warn_of_lost_files"]

_SHORTEST = 5.0
"""Seconds; a recording that is shorter may end ERRORED, see ``docs/api.md``."""


class _WarningPorts(Protocol):
    @property
    def reporter(self) -> Reporter: ...
    @property
    def registry(self) -> RunRegistry: ...


def may_lack_files(status: str) -> bool:
    """Whether a recording with this status ended without its files, as far as can be known."""
    return status in {"ERRORED", GONE}


def describe_lost_files(recording: Recording, *, has_own_storage: bool) -> str:
    """Return the sentence about a recording that ended ERRORED or is gone, and what to look at.

    Args:
        recording: The recording, as the API described it last.
        has_own_storage: Whether its files go to another storage than Cloudflare's own bucket.
    """
    if recording.status == GONE:
        return (
            f"recording {recording.id} is no longer known to the API, so it is unknown whether "
            "its files were uploaded"
        )
    lost = f"recording {recording.id} ended ERRORED: its files were not uploaded, or not all"
    duration = recording.recording_duration
    if duration is not None and duration < _SHORTEST:
        return f"{lost}. It recorded {duration:.0f} s, and less than {_SHORTEST:.0f} s may be lost"
    if has_own_storage:
        return (
            f"{lost}. Check that its storage exists, and that the credential it was started with "
            "can write there"
        )
    return f"{lost}. Cloudflare's support can tell why"


def warn_of_lost_files(recording: Recording, ports: _WarningPorts, *, has_own_storage: bool) -> str:
    """Warn on the resource's row, unless this deployment has done so, and return the text."""
    text = describe_lost_files(recording, has_own_storage=has_own_storage)
    if ports.registry.recordings.register_lost(recording.id):
        ports.reporter.warning(text)
    return text
