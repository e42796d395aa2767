"""Reading the query of a list; a wrong value raises InvalidRequestError."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.validation import create_error, require_choice

EntryT = TypeVar("EntryT")


@dataclass(frozen=True)
class Page:
    """Which entries of a list a response has.

    Attributes:
        offset: How many entries come before it, as its paging says.
        size: How many entries it has at most.
        shift: How many entries seem to have been added before it since the page before.
    """

    offset: int
    size: int
    shift: int = 0

    @property
    def start(self) -> int:
        """Return how many entries really come before it."""
        return max(0, self.offset - self.shift)

    def select(self, entries: Sequence[EntryT]) -> Sequence[EntryT]:
        """Return its entries of the whole list."""
        return entries[self.start : self.start + self.size]

    def describe(self, length: int, total: int) -> dict[str, int]:
        """Return its paging if it has ``length`` entries: total_count, start_offset, end_offset.

        Offsets count from 1, and are 0 on an empty page.
        """
        first, last = (self.offset + 1, self.offset + length) if length else (0, 0)
        return {"total_count": total + self.shift, "start_offset": first, "end_offset": last}


def read_page(request: ApiRequest) -> Page:
    """Return the page that is asked for; pages count from 1."""
    number = _read_integer(request, "page_no", 1)
    size = _read_integer(request, "per_page", request.settings.per_page)
    maximum = request.settings.per_page_maximum
    if size > maximum:
        raise create_error("per_page", f"must be less than or equal to {maximum}")
    size = min(size, request.page_limit or size)
    return Page((number - 1) * size, size, request.page_shift if number > 1 else 0)


def is_newest_first(request: ApiRequest) -> bool:
    """Return whether the order is descending, which is the default."""
    order = request.query_value("sort_order")
    return order is None or require_choice(order.upper(), ("ASC", "DESC"), "sort_order") == "DESC"


def read_time(request: ApiRequest, name: str) -> float | None:
    """Return the seconds since 1970 of a time in ISO 8601; without an offset it is UTC."""
    value = request.query_value(name)
    if value is None:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        text = value.replace(" ", "+") if "T" in value else value
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise create_error(name, "must be in ISO 8601 date format") from None
    return (time if time.tzinfo else time.replace(tzinfo=timezone.utc)).timestamp()


def read_boolean(request: ApiRequest, name: str) -> bool | None:
    """Return a boolean, or None where it is not in the query."""
    value = request.query_value(name)
    return None if value is None else require_choice(value, ("true", "false"), name) == "true"


def _read_integer(request: ApiRequest, name: str, default: int) -> int:
    value = request.query_value(name)
    if value is None:
        return default
    try:
        number = float(value)
    except ValueError:
        raise create_error(name, "must be a number") from None
    if not number.is_integer():
        raise create_error(name, "must be an integer")
    if number < 1:
        raise create_error(name, "must be greater than or equal to 1")
    return int(number)
