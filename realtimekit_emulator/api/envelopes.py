"""The shapes in which the API wraps success and failure."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.errors import RefusalError
from realtimekit_emulator.server.messages import Response

_GATEWAY_STATUSES = frozenset({400, 401, 403, 405, 429})
_SERVER_ERROR = 500


def success(data: Any, status: int = 200, paging: dict[str, int] | None = None) -> Response:
    """Wrap what was asked for."""
    document: dict[str, Any] = {"success": True, "data": data}
    if paging is not None:
        document["paging"] = paging
    return Response(status=status, document=document)


def paging(offset: int, shown: int, total: int) -> dict[str, int]:
    """Describe one page; offsets count from 1, and are 0 on an empty page."""
    first, last = (offset + 1, offset + shown) if shown else (0, 0)
    return {"total_count": total, "start_offset": first, "end_offset": last}


def failure(refusal: RefusalError, envelope: str) -> Response:
    """Wrap a refusal as the setting `error_envelope` says."""
    return Response(
        status=refusal.status,
        document=error_document(refusal.status, refusal.code, refusal.message, envelope),
    )


def error_document(status: int, code: int, message: str, envelope: str) -> dict[str, Any]:
    """Return the body of an error.

    Where the setting leaves it open, what Cloudflare's gateway decides comes in its envelope, and
    what RealtimeKit decides comes in RealtimeKit's.
    """
    if envelope == "auto":
        gateway = status in _GATEWAY_STATUSES or status >= _SERVER_ERROR
        envelope = "cloudflare" if gateway else "realtimekit"
    if envelope == "realtimekit":
        return {"success": False, "error": {"code": code, "message": message}}
    return {
        "success": False,
        "errors": [{"code": code, "message": message}],
        "messages": [],
        "result": None,
    }


def no_route(path: str) -> RefusalError:
    """Refuse a path that the API does not have, as Cloudflare's gateway words it."""
    message = f"Could not route to {path}, perhaps your object identifier is invalid?"
    return RefusalError(message, status=400, code=7003)
