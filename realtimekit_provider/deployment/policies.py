"""The policies of recordings, and what each may be; loaded also where no model is."""

from __future__ import annotations

from typing import Literal

__all__ = [
    "POLICIES",
    "OnConflict",
    "OnDelete",
    "OnEnded",
    "OnNoSession",
    "ReplaceLive",
]

OnNoSession = Literal["fail", "wait", "skip"]
OnEnded = Literal["keep", "restart", "fail"]
OnConflict = Literal["fail", "adopt", "stop"]
OnDelete = Literal["stop", "leave"]
ReplaceLive = Literal["allow", "refuse"]

POLICIES = (
    "on_no_session",
    "session_timeout",
    "on_ended",
    "on_conflict",
    "on_delete",
    "replace_live",
    "wait_for_recording",
    "wait_for_upload",
)
"""The inputs that a stack's config can set for all its recordings; those in ``…_timeout`` and
``wait_for_…`` are seconds, the others one of the words above."""
