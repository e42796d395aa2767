"""What all calls of a run share: one pool, one limiter, the server's clock, lists once read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from realtimekit_provider.api.cache import UnfinishedCache
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.rate_limiter import RateLimiter
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.api.transport import Transport

__all__ = ["ApiSession"]

_BELIEVABLE = timedelta(days=366)


@dataclass
class ApiSession:
    """One for all threads of a run, and for all of its apps.

    Attributes:
        settings: Where and how to call.
        clock: Monotonic seconds.
        sleep: Waits that many seconds.
        jitter: A random number from 0 to 1.
    """

    settings: ClientSettings
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    transport: Transport = field(init=False)
    limiter: RateLimiter = field(init=False)
    _server_ahead: timedelta = field(init=False, default=timedelta())
    _indices: dict[str, UnfinishedCache] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.transport = Transport(self.settings, self.clock)
        self.limiter = RateLimiter(self.settings.rate_limits, self.clock)

    def unfinished_cache(
        self, app: str, listed: Callable[[], Iterable[Recording]]
    ) -> UnfinishedCache:
        """Return the one index of an app's live recordings, which is read by ``listed``."""
        return self._indices.setdefault(app, UnfinishedCache(listed, self.clock))

    def record_server_time(self, there: datetime | None) -> None:
        """Take note of the time that an answer told, if it is one to believe."""
        ahead = there - datetime.now(timezone.utc) if there is not None else None
        if ahead is not None and abs(ahead) <= _BELIEVABLE:
            self._server_ahead = ahead

    def server_now(self) -> datetime:
        """Return the time by the server's clock, as far as an answer of this run has told it."""
        return datetime.now(timezone.utc) + self._server_ahead
