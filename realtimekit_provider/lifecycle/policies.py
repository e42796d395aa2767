"""What a policy may be, and how long a gate waits; loaded also where no model is."""

from __future__ import annotations

from typing import Final, Literal

__all__ = [
    "UPLOAD_DEADLINE",
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

UPLOAD_DEADLINE: Final = 900.0
"""Seconds that a gate waits for the last upload, where nobody says otherwise."""
