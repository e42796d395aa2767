"""Why the emulated API refuses a request, by what its caller can do about it.

ApiError
├── MalformedBodyError       the body is not JSON (400)
├── InvalidHeadersError      the token is in the wrong form (400, as Cloudflare answers)
├── RouteNotFoundError       the API has no such path (400, as Cloudflare answers)
├── UnauthorizedError        the token is missing or unknown (401)
├── UnknownTokenError        a token that is to be verified is not known (401)
├── ForbiddenError           the token lacks the permission (403)
├── NotFoundError            what is named does not exist (404)
├── MethodNotAllowedError    the path exists, and has no such method (405)
├── ConflictError            the state forbids it now (409, or what `conflict_status` says)
├── InvalidRequestError      a value does not fit the API's rules (422)
└── RateLimitError           too many requests in a window of time (429)
"""

from __future__ import annotations

_AUTHENTICATION_CODE = 10000


class ApiError(Exception):
    """A request is refused.

    Attributes:
        message: What the caller reads.
        status: The HTTP status.
        code: The error code in the body; the status where there is no other.
        chain: The codes and texts of what caused it, in Cloudflare's envelope only.
    """

    status = 400
    code = 0
    chain: tuple[tuple[int, str], ...] = ()

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = self.status if status is None else status
        self.code = self.code or self.status


class MalformedBodyError(ApiError):
    """The body is not JSON."""

    status = 400


class InvalidHeadersError(ApiError):
    """The token is in no form that a token can have, in the words of Cloudflare's gateway."""

    status = 400
    code = 6003
    chain = ((6111, "Invalid format for Authorization header"),)

    def __init__(self) -> None:
        super().__init__("Invalid request headers")


class RouteNotFoundError(ApiError):
    """The API has no such path, in the words of Cloudflare's gateway."""

    status = 400
    code = 7003

    def __init__(self, path: str) -> None:
        super().__init__(f"Could not route to {path}, perhaps your object identifier is invalid?")


class UnauthorizedError(ApiError):
    """The token is missing or unknown."""

    status = 401
    code = _AUTHENTICATION_CODE


class UnknownTokenError(ApiError):
    """The token that is to be verified is not known, or somebody else's."""

    status = 401
    code = 1000

    def __init__(self) -> None:
        super().__init__("Invalid API Token")


class ForbiddenError(ApiError):
    """The token is known, and not allowed to do this."""

    status = 403
    code = _AUTHENTICATION_CODE


class NotFoundError(ApiError):
    """What the request names does not exist."""

    status = 404


class MethodNotAllowedError(ApiError):
    """The path exists, and has no such method."""

    status = 405
    code = 10405


class ConflictError(ApiError):
    """The state of the meeting or of the recording forbids it."""

    status = 409


class InvalidRequestError(ApiError):
    """A value of the request does not fit the API's rules."""

    status = 422


class RateLimitError(ApiError):
    """A budget of requests is used up for `retry_after` more seconds."""

    status = 429
    code = 971

    def __init__(self, retry_after: int) -> None:
        super().__init__("Please wait and consider throttling your request speed")
        self.retry_after = retry_after
