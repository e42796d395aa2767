"""The socket that the emulator listens on."""

from __future__ import annotations

import pytest

from realtimekit_emulator.loopback import NotLoopbackError
from realtimekit_emulator.server.listener import Listener


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "localhost"])
def test_a_loopback_address_is_accepted(host: str) -> None:
    """A listener binds its port as soon as it exists."""
    listener = Listener(None, host, 0)  # type: ignore[arg-type]
    assert listener.port > 0
    listener.close()


def test_a_name_that_begins_like_loopback_is_refused() -> None:
    """It may lead to any machine."""
    with pytest.raises(NotLoopbackError):
        Listener(None, "127.0.0.1.example.invalid", 0)  # type: ignore[arg-type]
