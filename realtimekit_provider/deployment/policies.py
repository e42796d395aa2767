"""What each policy of a recording may be; loaded also where no model is."""

from __future__ import annotations

from typing import Literal

__all__ = [
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
