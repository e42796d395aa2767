"""Pure decisions about an answer: what it means, whether to ask again, and when."""

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
    NotSentError,
    OutcomeUnknownError,
    RateLimitedError,
    RequestRejectedError,
    TokenRejectedError,
)
from realtimekit_provider.redaction import redact

__all__ = ["backoff", "is_retryable", "parse_response", "server_time"]

_LONGEST_QUOTE = 500
_HOW_TO_MEND_IT = (
    "Give a token with the permission 'Realtime Admin' as CLOUDFLARE_API_TOKEN or by "
    "'pulumi config set --secret cloudflare:apiToken'"
)
_MEND_THE_URL = (
    "the API redirected to another place, which is never followed with a token: mend "
    "cloudflare:baseUrl (CLOUDFLARE_BASE_URL)"
)
_CODES_OF_NO_ROUTE = frozenset({7000, 7003})
_NO_SUCH_PLACE = (
    "a 404 came from where no recordings API is, which tells nothing about the recording{said}: "
    "mend cloudflare:baseUrl (CLOUDFLARE_BASE_URL), or the account's and the app's id"
)


def parse_response(
    method: str, path: str, answer: ApiResponse, secrets: Iterable[str] = ()
) -> Envelope | CallError:
    """Return the content of a success, or the error that any other answer stands for."""
    secrets = tuple(secrets)
    envelope = parse_envelope(answer.body)
    succeeded = answer.status // 100 == _SUCCESS
    if succeeded and envelope.is_json and envelope.success is not False:
        return envelope
    info = CallInfo(
        method=method,
        path=path,
        status=answer.status,
        code=envelope.code,
        ray=_ray(answer, secrets),
        message=_on_one_line(redact(envelope.message, secrets)[:_LONGEST_QUOTE]),
        retry_after=_retry_after(answer),
    )
    if answer.status == _NOT_FOUND and not _says_that_it_is_unknown(envelope):
        return RequestRejectedError(_NO_SUCH_PLACE.replace("{said}", _quoted(info)), info)
    return _error(info, is_json=envelope.is_json)


def _says_that_it_is_unknown(envelope: Envelope) -> bool:
    """A proxy's 404, or one of Cloudflare's routing, is never taken for "gone"."""
    is_the_apis = envelope.success is False and envelope.code is not None
    return is_the_apis and envelope.code not in _CODES_OF_NO_ROUTE


def _quoted(info: CallInfo) -> str:
    return f": {info.message}" if info.message else ""


def _ray(answer: ApiResponse, secrets: Iterable[str]) -> str | None:
    """Whoever answers writes the header: only what looks like a ray, and is no secret, is shown."""
    ray = answer.headers.get("cf-ray") or ""
    looks_like_one = re.fullmatch(r"[A-Za-z0-9-]{1,64}", ray)
    return ray if looks_like_one and redact(ray, secrets) == ray else None


def _on_one_line(text: str) -> str:
    """What would move the cursor of a terminal does not get there."""
    return "".join(character if character.isprintable() else " " for character in text).strip()


_SUCCESS = 2
_NOT_FOUND = 404
_BY_STATUS: Mapping[int, tuple[type[CallError], str]] = {
    401: (TokenRejectedError, f"the API refused the token{{said}}. {_HOW_TO_MEND_IT}"),
    403: (TokenRejectedError, f"the API refused the token{{said}}. {_HOW_TO_MEND_IT}"),
    _NOT_FOUND: (NotFoundError, "the API knows no such thing{said}"),
    429: (RateLimitedError, "the API's rate limit is reached{said}{wait}"),
}
_BY_CLASS: Mapping[int, tuple[type[CallError], str]] = {
    3: (RequestRejectedError, _MEND_THE_URL),
    4: (RequestRejectedError, "the API refused the request{said}"),
    5: (OutcomeUnknownError, "the API failed{said}{wait}"),
}


def _error(info: CallInfo, *, is_json: bool) -> CallError:
    status = info.status or 0
    problem = "success: false" if is_json else "a body that is not JSON"
    odd = (OutcomeUnknownError, f"the API answered with {problem}{{said}}")
    kind, sentence = _BY_STATUS.get(status) or _BY_CLASS.get(status // 100) or odd
    wait = f"; it asks to wait {info.retry_after:.0f} s" if info.retry_after else ""
    return kind(sentence.replace("{said}", _quoted(info)).replace("{wait}", wait), info)


def is_retryable(error: BaseException, *, idempotent: bool) -> bool:
    """Whether the same request may be sent again without asking what the first one did.

    A rate limit without a status is our own budget's: it is spent for longer than the call has.
    """
    if isinstance(error, RateLimitedError):
        return error.info.status is not None
    if isinstance(error, NotSentError):
        return True
    return idempotent and isinstance(error, OutcomeUnknownError)


def backoff(error: BaseException | None, attempt: int, jitter: float) -> float:
    """Seconds until try ``attempt + 1``; ``jitter`` is a random number from 0 to 1.

    What the API asks for by Retry-After is obeyed, with a little more so that many clients
    do not come back at the same moment.
    """
    if isinstance(error, CallError) and error.info.retry_after is not None:
        return error.info.retry_after + jitter
    longest: float = min(8.0, 0.5 * 2 ** (attempt - 1))
    return longest * (0.5 + jitter / 2)


def server_time(answer: ApiResponse) -> datetime | None:
    """The server's own clock, by the Date header; ``None`` where it does not tell."""
    return _moment(answer.headers.get("Date") or "")


def _moment(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return aware.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None


def _retry_after(answer: ApiResponse) -> float | None:
    """Seconds, from either form of the header; a date is held against the server's clock."""
    text = (answer.headers.get("Retry-After") or "").strip()
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        pass
    else:
        return max(0.0, seconds) if math.isfinite(seconds) else None
    until = _moment(text)
    if until is None:
        return None
    now = server_time(answer) or datetime.now(timezone.utc)
    return max(0.0, (until - now).total_seconds())
