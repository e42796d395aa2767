"""What all calls of a deployment share: connections, limiter, the server's clock, caches."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from realtimekit_provider.api.cache import LiveMeetingCache, UnfinishedCache
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.remaining_calls import RemainingCalls
from realtimekit_provider.api.rate_limiter import RateLimiter
from realtimekit_provider.api.settings import ClientSettings
from realtimekit_provider.api.transport import Transport

__all__ = ["ApiSession"]

_LARGEST_OFFSET = timedelta(days=366)


@dataclass
class ApiSession:
    """One for all threads of a deployment, and for all of its apps.

    Attributes:
        settings: Where and how to call.
        clock: Monotonic seconds.
        sleep: Waits that many seconds.
        jitter: A random number from 0 to 1.
        transport: The connection pool.
        limiter: Keeps all calls within ``settings.rate_limits``.
        server_offset: How far the server's clock is ahead, by the last response that told the
            time; ``None`` where none has.
        remaining_calls: What is left of the API's rate limits, by the last response that told it.
    """

    settings: ClientSettings
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    transport: Transport = field(init=False)
    limiter: RateLimiter = field(init=False)
    server_offset: timedelta | None = field(init=False, default=None)
    remaining_calls: tuple[RemainingCalls, ...] = field(init=False, default=())
    _believed_offset: timedelta = field(init=False, default=timedelta())
    _unfinished_caches: dict[str, UnfinishedCache] = field(init=False, default_factory=dict)
    _live_meeting_caches: dict[str, LiveMeetingCache] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.transport = Transport(self.settings, self.clock)
        self.limiter = RateLimiter(self.settings.rate_limits, self.clock)

    def get_unfinished_cache(
        self, app: str, list_unfinished: Callable[[], Iterable[Recording]]
    ) -> UnfinishedCache:
        """Return the one cache of an app's unfinished recordings, made at the first call."""
        return self._unfinished_caches.setdefault(app, UnfinishedCache(list_unfinished, self.clock))

    def get_live_meeting_cache(
        self,
        app: str,
        list_live_meetings: Callable[[], Iterable[str]],
        has_session: Callable[[str], bool],
    ) -> LiveMeetingCache:
        """Return the one cache of an app's live meetings, made at the first call."""
        return self._live_meeting_caches.setdefault(
            app, LiveMeetingCache(list_live_meetings, has_session, self.clock)
        )

    def record_server_time(self, server_time: datetime | None) -> None:
        """Remember how far the server's clock is ahead; more than a year is not believed."""
        if server_time is not None:
            self.server_offset = server_time - datetime.now(timezone.utc)
            if abs(self.server_offset) <= _LARGEST_OFFSET:
                self._believed_offset = self.server_offset

    def record_remaining_calls(self, remaining: tuple[RemainingCalls, ...]) -> None:
        """Remember what is left of the API's rate limits."""
        self.remaining_calls = remaining or self.remaining_calls

    def get_server_time(self) -> datetime:
        """Return the time by the server's clock, as far as a response of this run has shown it."""
        return datetime.now(timezone.utc) + self._believed_offset
