"""What a stack's config says for all its recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.track_request import TrackApi

__all__ = ["RecordingDefaults"]


@dataclass(frozen=True)
class RecordingDefaults:
    """What completes the inputs of every recording of a stack.

    Attributes:
        account_id: The Cloudflare account, where a resource names none.
        app_id: The RealtimeKit app, where a resource names none.
        policies: Values for inputs of ``POLICIES`` that a resource leaves out.
        track_api: The body that starts recordings.
    """

    account_id: str | None = None
    app_id: str | None = None
    policies: Mapping[str, Any] | None = None
    track_api: TrackApi = "outputs"
