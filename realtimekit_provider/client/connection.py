"""What all calls of a run share: one pool, one limiter, the server's clock, lists once read."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

from realtimekit_provider.client.limiter import Limiter
from realtimekit_provider.client.live_index import LiveIndex
from realtimekit_provider.client.settings import ClientSettings
from realtimekit_provider.client.transport import Transport
from realtimekit_provider.wire.recording import Recording

__all__ = ["Connection"]

_BELIEVABLE = timedelta(days=366)


@dataclass
class Connection:
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
    limiter: Limiter = field(init=False)
    _server_ahead: timedelta = field(init=False, default=timedelta())
    _indices: dict[str, LiveIndex] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.transport = Transport(self.settings, self.clock)
        self.limiter = Limiter(self.settings.budgets, self.clock)

    def index_of(self, app: str, listed: Callable[[], Iterable[Recording]]) -> LiveIndex:
        """Return the one index of an app's live recordings, which is read by ``listed``."""
        return self._indices.setdefault(app, LiveIndex(listed, self.clock))

    def note_server_time(self, there: datetime | None) -> None:
        """Take note of the time that an answer told, if it is one to believe."""
        ahead = there - datetime.now(timezone.utc) if there is not None else None
        if ahead is not None and abs(ahead) <= _BELIEVABLE:
            self._server_ahead = ahead

    def server_now(self) -> datetime:
        """Return the time by the server's clock, as far as an answer of this run has told it."""
        return datetime.now(timezone.utc) + self._server_ahead
