"""What a stack's config says for all its recordings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.api.models.track_request import TrackApi
from realtimekit_provider.schema.unknown import Unknown

__all__ = ["RecordingDefaults"]


@dataclass(frozen=True)
class RecordingDefaults:
    """What completes the inputs of every recording of a stack.

    Attributes:
        account_id: The Cloudflare account, where a resource names none; unknown where the stack
            names one that is not allowed, so that no second mistake follows from that.
        app_id: The RealtimeKit app, in the same way.
        policies: Values for inputs of ``POLICIES`` that a resource leaves out.
        track_api: The body that starts recordings.
    """

    account_id: str | Unknown | None = None
    app_id: str | Unknown | None = None
    policies: Mapping[str, Any] | None = None
    track_api: TrackApi = "outputs"
