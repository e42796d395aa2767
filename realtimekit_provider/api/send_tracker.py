"""Whether a request may have left this machine when it failed."""

from __future__ import annotations

import threading
from typing import Any

__all__ = ["SendTracker", "build_tracked_connection"]


class SendTracker(threading.local):
    """What is known of the request that the current thread makes.

    Attributes:
        is_sent: Whether it may have begun to leave this machine. False until there is a
            connection, the tunnel of a proxy and the TLS handshake included.
    """

    is_sent: bool = False


def build_tracked_connection(kind: type[Any], tracker: SendTracker) -> type[Any]:
    """Return a class of connections like ``kind`` that tells ``tracker`` what it does."""

    class TrackedConnection(kind):  # type: ignore[misc]
        def putrequest(self, *args: Any, **kwargs: Any) -> None:
            tracker.is_sent = True
            super().putrequest(*args, **kwargs)

        def connect(self) -> None:
            # Plain HTTP connects when the first bytes are to be sent, TLS before that.
            was_sent, tracker.is_sent = tracker.is_sent, False
            super().connect()
            tracker.is_sent = was_sent

    TrackedConnection.__name__ = kind.__name__
    return TrackedConnection
