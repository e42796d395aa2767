"""The two envelopes around every response, and what is left when a proxy responds instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.schema.parsing.json_parsing import parse_json

__all__ = ["Envelope", "parse_envelope"]


_MAX_CODE = 10**9


@dataclass(frozen=True)
class Envelope:
    """A response's content.

    Attributes:
        is_json: Whether the body was a JSON object at all.
        success: What the envelope says of itself; ``None`` where it says nothing.
        data: The payload, under ``data`` or ``result``.
        code: Cloudflare's error code, where there is one.
        message: The error's text, where there is one.
    """

    is_json: bool
    success: bool | None = None
    data: Any = None
    code: int | None = None
    message: str = ""


def parse_envelope(body: bytes) -> Envelope:
    """Read a body in either envelope; never raises."""
    try:
        content = parse_json(body)
    except ValueError:
        return Envelope(is_json=False)
    if not isinstance(content, Mapping):
        return Envelope(is_json=False)
    code, message = _parse_error(content)
    success = content.get("success")
    data = content.get("data")
    return Envelope(
        is_json=True,
        success=success if isinstance(success, bool) else None,
        data=content.get("result") if data is None else data,
        code=code,
        message=message,
    )


def _parse_error(content: Mapping[str, Any]) -> tuple[int | None, str]:
    errors = content.get("errors")
    listed = errors if isinstance(errors, list) else []
    candidates = [entry for entry in (content.get("error"), *listed) if isinstance(entry, Mapping)]
    if not candidates:
        return None, _replace_surrogates(content["error"]) if isinstance(
            content.get("error"), str
        ) else ""
    code = candidates[0].get("code")
    message = "; ".join(str(entry["message"]) for entry in candidates if entry.get("message"))
    return code if _is_code(code) else None, _replace_surrogates(message)


def _is_code(code: Any) -> bool:
    return isinstance(code, int) and not isinstance(code, bool) and abs(code) <= _MAX_CODE


def _replace_surrogates(text: str) -> str:
    """Half a character, which JSON may hold, could not be printed."""
    return text.encode(errors="replace").decode()
