"""A list in pages of 30, or of ``per_page`` up to 100, with the header that leads to the others.

Source: *Using pagination in the REST API*.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlencode

__all__ = ["select_page"]

_DEFAULT_SIZE = 30
_LARGEST_SIZE = 100

Item = TypeVar("Item")


def select_page(
    items: Sequence[Item], query: Mapping[str, str], address: str
) -> tuple[list[Item], dict[str, str]]:
    """Return the items of the page that a query asks for, and the header ``Link``.

    Args:
        items: All items, in order.
        query: The request's, with ``page`` and ``per_page``.
        address: The list's own, without a query.
    """
    size = min(_read_number(query, "per_page", _DEFAULT_SIZE), _LARGEST_SIZE)
    page = _read_number(query, "page", 1)
    last = max(1, -(-len(items) // size))
    targets: dict[str, int] = {}
    if page > 1:
        targets |= {"prev": page - 1, "first": 1}
    if page < last:
        targets |= {"next": page + 1, "last": last}
    links = [
        f'<{address}?{urlencode({**query, "page": number})}>; rel="{name}"'
        for name, number in targets.items()
    ]
    headers = {"Link": ", ".join(links)} if links else {}
    return list(items[(page - 1) * size : page * size]), headers


def _read_number(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return int(text) if text.isdecimal() and int(text) > 0 else default
