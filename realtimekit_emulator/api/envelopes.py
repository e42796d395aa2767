"""The shapes in which the API wraps success and failure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from realtimekit_emulator.errors import ApiError
from realtimekit_emulator.messages import Response

_CLOUDFLARE_STATUSES = frozenset({400, 401, 403, 405, 429})
_SERVER_ERROR = 500


def wrap_data(data: Any, status: int = 200, paging: dict[str, int] | None = None) -> Response:
    """Return the response of a success: keys success, data and, in lists, paging."""
    document: dict[str, Any] = {"success": True, "data": data}
    if paging is not None:
        document["paging"] = paging
    return Response(status=status, document=document)


def wrap_error(error: ApiError, envelope: str) -> Response:
    """Return the response of a failure in an envelope of the setting ``error_envelope``."""
    document = build_error_document(error.status, error.code, error.message, envelope, error.chain)
    return Response(status=error.status, document=document)


def build_error_document(
    status: int,
    code: int,
    message: str,
    envelope: str,
    chain: Sequence[tuple[int, str]] = (),
) -> dict[str, Any]:
    """Return the body of an error: success, and error or errors, messages and result.

    With the envelope ``auto``, what Cloudflare's gateway decides comes in its envelope, and what
    RealtimeKit decides comes in RealtimeKit's.
    """
    if envelope == "auto":
        is_cloudflares = status in _CLOUDFLARE_STATUSES or status >= _SERVER_ERROR
        envelope = "cloudflare" if is_cloudflares else "realtimekit"
    if envelope == "realtimekit":
        return {"success": False, "error": {"code": code, "message": message}}
    error: dict[str, Any] = {"code": code, "message": message}
    if chain:
        error["error_chain"] = [{"code": code, "message": message} for code, message in chain]
    return {
        "success": False,
        "errors": [error],
        "messages": [],
        "result": None,
    }
