"""Where the token goes: to the API's host, and to no other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from realtimekit_provider.errors import RequestRejectedError
from tests.api.api_caller import ApiCaller


class Host(ThreadingHTTPServer):
    """Answers everything alike, and keeps the headers that it was sent."""

    def __init__(self, status: int, headers: dict[str, str]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status = status
        self.headers = headers
        self.received: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Host

    def do_GET(self) -> None:
        self.server.received.append(dict(self.headers))
        self.send_response(self.server.status)
        for name, value in {"Content-Length": "2", **self.server.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"{}")

    do_CONNECT = do_GET  # noqa: N815 - the library looks methods up by this name

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def host(status: int = 200, **headers: str) -> Iterator[Host]:
    """Run a host for the length of the block."""
    with Host(status, {name.replace("_", "-"): text for name, text in headers.items()}) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    """Whoever it points to gets neither the token nor a request."""
    with host() as elsewhere, host(status, Location=f"{elsewhere.url}/stolen") as api:
        with pytest.raises(RequestRejectedError, match="Fix cloudflare:baseUrl"):
            ApiCaller(api.url).api.get_active("meeting")
        assert [sent["Authorization"] for sent in api.received] == ["Bearer canary-token"]
        assert elsewhere.received == []


def test_on_loopback_a_proxy_of_the_environment_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token for the emulator is not shown to whoever HTTP_PROXY names."""
    with host() as proxy, host() as api:
        for variable in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(variable, proxy.url)
        assert ApiCaller(api.url).api.get_active("meeting") is None
        assert len(api.received) == 1
        assert proxy.received == []


def test_no_cookie_is_kept() -> None:
    """Two calls share a connection and nothing else."""
    with host(Set_Cookie="session=canary; Path=/") as api:
        caller = ApiCaller(api.url)
        caller.api.get_active("meeting")
        caller.api.get_active("meeting")
        assert [sent.get("Cookie") for sent in api.received] == [None, None]
