"""What can go wrong with one call, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CANARY", "FAULTS", "LOST_ANSWER", "Fault"]

CANARY = "CANARY"
_QUOTED = f"no: {{'secret': '{CANARY}-of-the-storage', 'token': '{CANARY}-of-the-api'}}"


@dataclass(frozen=True)
class Fault:
    """A fault of the emulator.

    Attributes:
        name: What it is called, unlike any other.
        group: Its row in the report.
        kind: The emulator's name for it.
        options: What that kind is told.
        can_be_ridden_out: Whether one of it needs no second deployment, wherever it strikes.
    """

    name: str
    group: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    can_be_ridden_out: bool = True


LOST_ANSWER = Fault("answer lost", "connection", "cut", {"effect": "after"})
"""Struck first where a fault is to meet the question about what became of a call."""

_BEFORE_AND_AFTER = ("before", "after")


def _both(name: str, group: str, kind: str, **options: Any) -> tuple[Fault, ...]:
    return tuple(
        Fault(f"{name}, {effect} the effect", group, kind, {**options, "effect": effect})
        for effect in _BEFORE_AND_AFTER
    )


FAULTS: tuple[Fault, ...] = (
    Fault("429", "429", "status", {"status": 429, "message": _QUOTED}),
    Fault("429, seconds", "429", "status", {"status": 429, "retry_after": 2}),
    Fault(
        "429, a date",
        "429",
        "status",
        {"status": 429, "retry_after": 3, "retry_after_form": "date"},
    ),
    Fault(
        "429, for longer than a call may take",
        "429",
        "status",
        {"status": 429, "retry_after": 3600},
        can_be_ridden_out=False,
    ),
    *(
        fault
        for status in (500, 502, 503, 504)
        for fault in _both(str(status), "5xx", "status", status=status, message=_QUOTED)
    ),
    *_both("502 as a page", "5xx", "status", status=502, body="html"),
    Fault("connection refused", "connection", "refuse", {"seconds": 0.1}, can_be_ridden_out=False),
    *_both("cut", "connection", "cut"),
    *_both("cut in mid-answer", "connection", "cut", after_bytes=20),
    *_both("an answer that never ends", "connection", "drip", seconds=0.05),
    *_both("a slow answer", "connection", "slow", seconds=0.3),
    *_both("a body that is empty", "body", "empty_body"),
    *_both("a page instead of JSON", "body", "html_body"),
    Fault("truncated JSON", "body", "truncated_body"),
    *_both("success: false with 200", "body", "not_success", message=_QUOTED),
    Fault("no id", "fields", "missing_id"),
    Fault("null fields", "fields", "null_fields"),
    Fault("an unknown status", "fields", "unknown_status"),
    Fault("unknown fields", "fields", "extra_fields"),
    Fault("a clock that is ahead", "time", "clock_skew", {"seconds": 300}),
    Fault("a clock that is behind", "time", "clock_skew", {"seconds": -300}),
    Fault("reads that lag", "time", "lag", {"seconds": 0.3}),
    Fault("it ends before the call", "world", "end_recording", {"effect": "before"}),
    Fault("it ends after the call", "world", "end_recording", {"effect": "after"}),
    *(
        Fault(
            f"the token is {done}, {effect} the effect",
            "world",
            "revoke_token",
            {"mode": mode, "effect": effect},
            can_be_ridden_out=False,
        )
        for mode, done in (("revoke", "revoked"), ("forbid", "forbidden"))
        for effect in _BEFORE_AND_AFTER
    ),
)
"""One of each that the emulator can be told."""
