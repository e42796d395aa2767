"""The faults of one API call, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["CANARY", "FAULTS", "LOST_RESPONSE", "Fault"]

CANARY = "CANARY"
_QUOTED = f"no: {{'secret': '{CANARY}-of-the-storage', 'token': '{CANARY}-of-the-api'}}"


@dataclass(frozen=True)
class Fault:
    """A fault of the emulator.

    Attributes:
        name: Its unique name.
        group: Its column in the report.
        kind: The emulator's name for it.
        options: The emulator's options for it.
        may_fail_deployment: Whether the deployment may fail because of one such fault, so that a
            second one is needed.
    """

    name: str
    group: str
    kind: str
    options: Mapping[str, Any] = field(default_factory=dict)
    may_fail_deployment: bool = False


LOST_RESPONSE = Fault("lost response", "connection", "cut", {"effect": "after"})
"""Injected first, so that another fault hits the call that follows a lost response."""

_EFFECTS = ("before", "after")


def _before_and_after(name: str, group: str, kind: str, **options: Any) -> tuple[Fault, ...]:
    return tuple(
        Fault(f"{name}, {effect} the effect", group, kind, {**options, "effect": effect})
        for effect in _EFFECTS
    )


FAULTS: tuple[Fault, ...] = (
    Fault("429", "429", "status", {"status": 429, "message": _QUOTED}),
    Fault("429, Retry-After in seconds", "429", "status", {"status": 429, "retry_after": 2}),
    Fault(
        "429, Retry-After as a date",
        "429",
        "status",
        {"status": 429, "retry_after": 3, "retry_after_form": "date"},
    ),
    Fault(
        "429, Retry-After beyond the timeout",
        "429",
        "status",
        {"status": 429, "retry_after": 3600},
        may_fail_deployment=True,
    ),
    *(
        fault
        for status in (500, 502, 503, 504)
        for fault in _before_and_after(str(status), "5xx", "status", status=status, message=_QUOTED)
    ),
    *_before_and_after("502 with an HTML body", "5xx", "status", status=502, body="html"),
    Fault("connection refused", "connection", "refuse", {"seconds": 0.1}, may_fail_deployment=True),
    *_before_and_after("connection cut", "connection", "cut"),
    *_before_and_after("connection cut within the response", "connection", "cut", after_bytes=20),
    *_before_and_after("endless response", "connection", "drip", seconds=0.05),
    *_before_and_after("slow response", "connection", "slow", seconds=0.3),
    *_before_and_after("empty body", "body", "empty_body"),
    *_before_and_after("HTML instead of JSON", "body", "html_body"),
    Fault("truncated JSON", "body", "truncated_body"),
    *_before_and_after("200 with success: false", "body", "not_success", message=_QUOTED),
    Fault("missing id", "fields", "missing_id"),
    Fault("null fields", "fields", "null_fields"),
    Fault("unknown status", "fields", "unknown_status"),
    Fault("unknown fields", "fields", "extra_fields"),
    Fault("server clock ahead", "time", "clock_skew", {"seconds": 300}),
    Fault("server clock behind", "time", "clock_skew", {"seconds": -300}),
    Fault("lagging reads", "time", "lag", {"seconds": 0.3}),
    Fault(
        "the recording ends before the call",
        "outside events",
        "end_recording",
        {"effect": "before"},
    ),
    Fault(
        "the recording ends after the call", "outside events", "end_recording", {"effect": "after"}
    ),
    *(
        Fault(
            f"the token is {change}, {effect} the effect",
            "outside events",
            "revoke_token",
            {"mode": mode, "effect": effect},
            may_fail_deployment=True,
        )
        for mode, change in (("revoke", "revoked"), ("forbid", "forbidden"))
        for effect in _EFFECTS
    ),
)
"""Every kind of fault of the emulator, in each variant."""
