"""What a response means: the content of a success, or one of the errors. Pure."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime

from realtimekit_provider.api.models.envelope import Envelope, parse_envelope
from realtimekit_provider.api.transport import ApiResponse
from realtimekit_provider.errors import (
    CallError,
    CallInfo,
    NotFoundError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestConflictError,
    RequestRejectedError,
    TokenRejectedError,
)
from realtimekit_provider.redaction import redact, to_one_line

__all__ = ["parse_response", "parse_server_time"]

_LONGEST_MESSAGE = 500
_REJECTED_CREDENTIAL = (
    "the API refused the token{message}. Give a token with the permission 'Realtime Admin' as "
    "CLOUDFLARE_API_TOKEN or by 'pulumi config set --secret cloudflare:apiToken'"
)
_MALFORMED_CREDENTIAL = (
    "the API says that the token is not in the right form{message}. Most often it is in quotes, or "
    "something else was copied with it: give it alone, as CLOUDFLARE_API_TOKEN or by 'pulumi "
    "config set --secret cloudflare:apiToken'"
)
_REDIRECTED = (
    "the API redirected to another address, and a redirect is never followed with a token. Fix "
    "cloudflare:baseUrl (CLOUDFLARE_BASE_URL)"
)
_NOT_THE_API = (
    "a 404 that does not come from the recordings API{message}. Fix cloudflare:baseUrl "
    "(CLOUDFLARE_BASE_URL), or the account id and the app id"
)
_CODES_OF_NO_ROUTE = frozenset({7000, 7003})
_CODE_OF_MALFORMED_CREDENTIAL = 6111
# Some answers give 422 where the protocol has 409.
_CONFLICT_PHRASES = ("already", "active recording", "in progress", "ongoing")
_SUCCESS = 2
_NOT_FOUND = 404

_ERRORS_BY_STATUS: Mapping[int, tuple[type[CallError], str]] = {
    401: (TokenRejectedError, _REJECTED_CREDENTIAL),
    403: (TokenRejectedError, _REJECTED_CREDENTIAL),
    _NOT_FOUND: (NotFoundError, "the API says that it does not exist{message}"),
    409: (RequestConflictError, "the API refused the request{message}"),
    429: (RateLimitedError, "the API's rate limit is reached{message}{wait}"),
}
_ERRORS_BY_STATUS_CLASS: Mapping[int, tuple[type[CallError], str]] = {
    3: (RequestRejectedError, _REDIRECTED),
    4: (RequestRejectedError, "the API refused the request{message}"),
    5: (OutcomeUnknownError, "the API failed{message}{wait}"),
}


def parse_response(
    method: str, path: str, response: ApiResponse, secrets: Iterable[str] = ()
) -> Envelope | CallError:
    """Return the content of a success, or the error that any other response stands for.

    Args:
        method: The request's method, for the error.
        path: The request's path, for the error.
        response: What was received.
        secrets: Credentials that were sent, which the error must not repeat.
    """
    secrets = tuple(secrets)
    envelope = parse_envelope(response.body)
    succeeded = response.status // 100 == _SUCCESS
    if succeeded and envelope.is_json and envelope.success is not False:
        return envelope
    info = CallInfo(
        method=method,
        path=path,
        status=response.status,
        code=envelope.code,
        ray=_parse_ray(response, secrets),
        message=to_one_line(redact(envelope.message, secrets)[:_LONGEST_MESSAGE]).strip(),
        retry_after=_parse_retry_after(response),
    )
    if response.status == _NOT_FOUND and not _is_not_found_by_api(envelope):
        return _build_error(RequestRejectedError, _NOT_THE_API, info)
    if _CODE_OF_MALFORMED_CREDENTIAL in (envelope.code, *envelope.chained_codes):
        return _build_error(TokenRejectedError, _MALFORMED_CREDENTIAL, info)
    kind, summary = (
        _ERRORS_BY_STATUS.get(response.status)
        or _ERRORS_BY_STATUS_CLASS.get(response.status // 100)
        or (OutcomeUnknownError, _summarize_odd_success(envelope))
    )
    if kind is RequestRejectedError and _is_conflict(info):
        kind = RequestConflictError
    return _build_error(kind, summary, info)


def _is_conflict(info: CallInfo) -> bool:
    return any(phrase in info.message.lower() for phrase in _CONFLICT_PHRASES)


def _is_not_found_by_api(envelope: Envelope) -> bool:
    """A proxy's 404, or one of Cloudflare's routing, is never taken for "gone"."""
    is_from_api = envelope.success is False and envelope.code is not None
    return is_from_api and envelope.code not in _CODES_OF_NO_ROUTE


def _summarize_odd_success(envelope: Envelope) -> str:
    content = "success: false" if envelope.is_json else "a body that is not JSON"
    return f"the API answered with {content}{{message}}"


def _build_error(kind: type[CallError], summary: str, info: CallInfo) -> CallError:
    message = f": {info.message}" if info.message else ""
    wait = f"; it asks to wait {info.retry_after:.0f} s" if info.retry_after else ""
    return kind(summary.replace("{wait}", wait).replace("{message}", message), info)


def _parse_ray(response: ApiResponse, secrets: Iterable[str]) -> str | None:
    """Any server can write the header: only what looks like a ray, and is no secret, is shown."""
    ray = response.headers.get("cf-ray") or ""
    looks_like_ray = re.fullmatch(r"[A-Za-z0-9-]{1,64}", ray)
    return ray if looks_like_ray and redact(ray, secrets) == ray else None


def parse_server_time(response: ApiResponse) -> datetime | None:
    """Return the time of the Date header, ``None`` where there is none that can be read."""
    return _parse_http_date(response.headers.get("Date") or "")


def _parse_http_date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
        aware = date if date.tzinfo else date.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def _parse_retry_after(response: ApiResponse) -> float | None:
    """Seconds, from either form of the header; a date is compared with the server's clock."""
    text = (response.headers.get("Retry-After") or "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    until = _parse_http_date(text)
    if until is None:
        return None
    now = parse_server_time(response) or datetime.now(timezone.utc)
    return max(0.0, (until - now).total_seconds())
