"""Why the emulated API says no, by what the caller can do about it.

RefusalError
├── InvalidError     the request itself is wrong (422)
├── MalformedError   the body cannot be read (400)
├── NotFoundError    what is named does not exist (404)
├── ConflictError    the state forbids it now (409, or what `conflict_status` says)
└── ForbiddenError      the token is missing, unknown (401) or not allowed (403)
"""

from __future__ import annotations


class RefusalError(Exception):
    """A request is refused; the text is what the caller gets to read."""

    status = 400
    code = 0

    def __init__(self, message: str, status: int | None = None, code: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.status = self.status if status is None else status
        self.code = code or self.code or self.status


class InvalidError(RefusalError):
    """The request does not fit the API's rules."""

    status = 422


class MalformedError(RefusalError):
    """The body is not what it claims to be."""

    status = 400


class NotFoundError(RefusalError):
    """There is no such thing."""

    status = 404


class ConflictError(RefusalError):
    """The state of the meeting or of the recording forbids it."""

    status = 409


class ForbiddenError(RefusalError):
    """The token does not open this listener."""

    status = 401
    code = 10000
