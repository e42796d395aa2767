"""Reading the query of a list."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from realtimekit_emulator.api.body_checks import one_of, refuse
from realtimekit_emulator.errors import InvalidError

if TYPE_CHECKING:
    from realtimekit_emulator.model.settings import Settings
    from realtimekit_emulator.server.messages import Request


def page(call: Request, settings: Settings) -> tuple[int, int]:
    """Return how many entries to skip and how many to show; pages count from 1."""
    number = _whole(call, "page_no", 1)
    size = _whole(call, "per_page", settings.per_page)
    most = settings.per_page_maximum
    if size > most:
        message = f'"per_page" must be less than or equal to {most}'
        raise InvalidError(message)
    return (number - 1) * size, size


def newest_first(call: Request) -> bool:
    """Return the order that is asked for; the newest first is the default."""
    order = call.query_value("sort_order")
    return order is None or one_of(order.upper(), ("ASC", "DESC"), "sort_order") == "DESC"


def moment(call: Request, name: str) -> float | None:
    """Return a moment written in ISO 8601; without an offset it is UTC."""
    value = call.query_value(name)
    if value is None:
        return None
    try:
        # A plus sign that was not percent-encoded arrives as a space.
        text = value.replace(" ", "+") if "T" in value else value
        read = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        message = "must be in ISO 8601 date format"
        raise refuse(name, message) from None
    return (read if read.tzinfo else read.replace(tzinfo=timezone.utc)).timestamp()


def yes_or_no(call: Request, name: str) -> bool | None:
    """Return a boolean of the query."""
    value = call.query_value(name)
    return None if value is None else one_of(value, ("true", "false"), name) == "true"


def _whole(call: Request, name: str, default: int) -> int:
    value = call.query_value(name)
    if value is None:
        return default
    try:
        read = float(value)
    except ValueError:
        message = "must be a number"
        raise refuse(name, message) from None
    if not read.is_integer():
        message = "must be an integer"
        raise refuse(name, message)
    if read < 1:
        message = "must be greater than or equal to 1"
        raise refuse(name, message)
    return int(read)
