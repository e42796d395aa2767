"""What the API says is left of its rate limits. Source: *Rate limits*, ``Ratelimit``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["RemainingCalls", "parse_remaining_calls"]

_ENTRY = re.compile(r'"(?P<name>[\w .:/-]{1,64})"(?P<fields>(?:\s*;\s*[a-z]+=\d{1,9})*)')
_FIELD = re.compile(r"([a-z]+)=(\d+)")


@dataclass(frozen=True)
class RemainingCalls:
    """What is left of one limit.

    Attributes:
        name: What the API calls it.
        calls: How many calls are left.
        seconds: After how many seconds there are more; ``None`` where that is not said.
        limit: How many calls are allowed in a window; ``None`` where that is not said.
    """

    name: str
    calls: int
    seconds: int | None = None
    limit: int | None = None


def parse_remaining_calls(headers: Mapping[str, str]) -> tuple[RemainingCalls, ...]:
    """Return what the headers of a response say; an entry that cannot be read is left out."""
    limits = {
        name: fields["q"]
        for name, fields in _parse_entries(headers.get("Ratelimit-Policy") or "").items()
        if "q" in fields
    }
    return tuple(
        RemainingCalls(name, fields["r"], fields.get("t"), limits.get(name))
        for name, fields in _parse_entries(headers.get("Ratelimit") or "").items()
        if "r" in fields
    )


def _parse_entries(header: str) -> dict[str, dict[str, int]]:
    return {
        found["name"]: {key: int(value) for key, value in _FIELD.findall(found["fields"])}
        for found in _ENTRY.finditer(header)
    }
