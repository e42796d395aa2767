"""What of ``requests`` and ``urllib3`` a timeout for a whole response relies on.

That it holds, wherever a response does not end, is in ``test_response_bodies.py``; that a request
is known to be sent or not, in ``test_connection_failures.py``.
"""

from __future__ import annotations

import itertools
import socket
import time
from importlib.metadata import version
from typing import Any

import pytest
import requests
from urllib3.connectionpool import HTTPConnectionPool

from realtimekit_provider.api.deadline_adapter import DeadlineAdapter
from realtimekit_provider.api.send_tracker import SendTracker

LAST_SEEN_WITH = {"requests": "2.34.2", "urllib3": "2.8.0"}
"""The versions that deadline_adapter.py and send_tracker.py were last compared with."""

PROXY = {"http": "http://127.0.0.1:9", "https": "http://127.0.0.1:9"}


def get_pool(adapter: DeadlineAdapter, url: str, proxies: dict[str, str]) -> Any:
    request = requests.Request("GET", url).prepare()
    return adapter.get_connection_with_tls_context(request, verify=True, proxies=proxies)


def test_the_libraries_are_those_that_were_looked_at() -> None:
    """Others: read how a pool makes a connection, and it a response; run these, name them here."""
    assert {name: version(name) for name in LAST_SEEN_WITH} == LAST_SEEN_WITH


@pytest.mark.parametrize("proxies", [{}, PROXY], ids=["direct", "proxy"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_pool_of_any_kind_makes_connections_of_ours(scheme: str, proxies: dict[str, str]) -> None:
    """Its own kind, whose responses are read against the deadline."""
    adapter = DeadlineAdapter(time.monotonic, SendTracker())
    pool = get_pool(adapter, f"{scheme}://127.0.0.1:9/client/v4", proxies)
    connection: Any = pool._new_conn()
    assert isinstance(connection, type(pool).ConnectionCls)
    assert connection.response_class == adapter._create_response
    assert {"connect", "putrequest", "response_class"} <= set(dir(type(pool).ConnectionCls))


def test_a_pool_that_is_used_again_keeps_its_connections() -> None:
    """It is ours already, and is not made ours twice."""
    adapter = DeadlineAdapter(time.monotonic, SendTracker())
    pools = [get_pool(adapter, "http://127.0.0.1:9", {}) for _ in range(2)]
    assert pools[0] is pools[1]
    assert pools[0].ConnectionCls.__bases__ == (HTTPConnectionPool.ConnectionCls,)


def test_the_next_call_on_a_connection_has_its_whole_timeout() -> None:
    """And so has a tunnel's handshake: what a response took is not subtracted from it."""
    seconds = itertools.count()
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(5)
        there.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        response = DeadlineAdapter(lambda: next(seconds), SendTracker())._create_response(here)
        response.begin()
        response.close()
        assert here.gettimeout() == 5
