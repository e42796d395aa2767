"""The two envelopes around every response, and what is left when a proxy responds instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.schema.parsing.json_parsing import parse_json

__all__ = ["Envelope", "parse_envelope"]


_MAX_CODE = 10**9
_LONGEST_CHAIN = 20


@dataclass(frozen=True)
class Envelope:
    """A response's content.

    Attributes:
        is_json: Whether the body was a JSON object at all.
        success: What the envelope says of itself; ``None`` where it says nothing.
        data: The payload, under ``data`` or ``result``.
        total_count: How many entries a list has on all its pages, if that is said; it may be wrong.
        code: Cloudflare's error code, where there is one.
        message: The error's text, where there is one; behind a colon what its chain says of it.
        chained_codes: The codes of the errors that led to the error, from its ``error_chain``.
    """

    is_json: bool
    success: bool | None = None
    data: Any = None
    total_count: int | None = None
    code: int | None = None
    message: str = ""
    chained_codes: tuple[int, ...] = ()


def parse_envelope(body: bytes) -> Envelope:
    """Read a body in either envelope; never raises."""
    try:
        content = parse_json(body)
    except ValueError:
        return Envelope(is_json=False)
    if not isinstance(content, Mapping):
        return Envelope(is_json=False)
    errors = _list_errors(content)
    code = errors[0].get("code") if errors else None
    message = (
        content.get("error") if not errors else "; ".join(filter(None, map(_describe, errors)))
    )
    success = content.get("success")
    data = content.get("data")
    return Envelope(
        is_json=True,
        success=success if isinstance(success, bool) else None,
        data=content.get("result") if data is None else data,
        total_count=_parse_total(content.get("paging")),
        code=code if _is_code(code) else None,
        message=_replace_surrogates(message) if isinstance(message, str) else "",
        chained_codes=tuple(
            link["code"]
            for error in errors
            for link in _list_chain(error)
            if _is_code(link.get("code"))
        ),
    )


def _list_errors(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [
        entry
        for entry in (content.get("error"), *_to_list(content.get("errors")))
        if isinstance(entry, Mapping)
    ]


def _list_chain(error: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the errors that led to an error; each may have a chain of its own."""
    links = _to_list(error.get("error_chain"))[:_LONGEST_CHAIN]
    for _ in range(_LONGEST_CHAIN):
        if not links:
            return
        link, *links = links
        if isinstance(link, Mapping):
            yield link
            links = [*_to_list(link.get("error_chain"))[:_LONGEST_CHAIN], *links]


def _describe(error: Mapping[str, Any]) -> str:
    messages = [error.get("message"), *(link.get("message") for link in _list_chain(error))]
    return ": ".join(dict.fromkeys(str(message) for message in messages if message))


def _parse_total(paging: Any) -> int | None:
    total = paging.get("total_count") if isinstance(paging, Mapping) else None
    return total if isinstance(total, int) and not isinstance(total, bool) else None


def _to_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_code(code: Any) -> bool:
    return isinstance(code, int) and not isinstance(code, bool) and abs(code) <= _MAX_CODE


def _replace_surrogates(text: str) -> str:
    """Half a character, which JSON may hold, could not be printed."""
    return text.encode(errors="replace").decode()
