"""The limits that GitHub publishes, and one that a test sets.

Source: *Rate limits for the REST API*: 1000 requests an hour for the ``GITHUB_TOKEN`` of a
repository, 80 requests a minute that create content.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field

from tools.test_servers.github.errors import GitHubApiError

__all__ = ["RateLimits"]

_WINDOW = 60.0
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


@dataclass
class RateLimits:
    """What is counted.

    Attributes:
        requests: Requests that are answered, until the hour is over.
        writes_a_minute: Requests that create content.
        refusals: How many further writes are refused, whatever their number.
        retry_after: Seconds of the header ``Retry-After`` of a refusal; no header if it is None,
            since GitHub does not always send it.
    """

    requests: int = 1000
    writes_a_minute: int = 80
    refusals: int = 0
    retry_after: int | None = 60
    _writes: deque[float] = field(default_factory=deque)
    _used: int = 0

    def count_request(self, method: str) -> None:
        """Raise what the API answers once a limit is exceeded."""
        self._used += 1
        if self._used > self.requests:
            raise GitHubApiError(403, "API rate limit exceeded for installation ID 1.")
        if method != "GET":
            self._count_write()

    def to_headers(self) -> dict[str, str]:
        """Return what every answer says of the limit."""
        return {
            "X-RateLimit-Limit": str(self.requests),
            "X-RateLimit-Remaining": str(max(0, self.requests - self._used)),
            "X-RateLimit-Used": str(min(self._used, self.requests)),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "X-RateLimit-Resource": "core",
        }

    def _count_write(self) -> None:
        now = time.monotonic()
        while self._writes and now - self._writes[0] > _WINDOW:
            self._writes.popleft()
        self._writes.append(now)
        if self.refusals or len(self._writes) > self.writes_a_minute:
            self.refusals = max(0, self.refusals - 1)
            wait = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
            raise GitHubApiError(403, _SECONDARY, headers=wait)
