"""Servers and proxies that refuse every request, and quote in their answer what they were sent."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote
from xml.sax.saxutils import escape

WORD = "CANARY5d1cb0e7"
"""The part of each credential that is looked for."""

__all__ = ["serve_plain_text", "serve_quotes"]


class _QuotingHandler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    refusal = 403
    encode: Callable[[str], str] = staticmethod(str)
    grants_tokens = False

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("latin-1")
        sent = f"{self.requestline}\n{self.headers}\n{body}"
        proxied = self.headers.get("Proxy-Authorization", "").removeprefix("Basic ")
        sent += "\n" + base64.b64decode(proxied + "==").decode("latin-1")
        message = self.encode(sent)
        content = self._format(message).encode("latin-1", "replace")
        refusal = 407 if self.command == "CONNECT" else 200 if self._grants else self.refusal
        self.send_response(refusal, quote(sent)[:2000])
        self.send_header("Content-Length", str(len(content)))
        self.send_header("x-ms-error-code", "AuthorizationPermissionMismatch")
        self.send_header("x-ms-request-id", proxied or "an-id")
        self.send_header("Content-Type", self._content_type)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.close_connection = True

    def __getattr__(self, name: str) -> Callable[[], None]:
        """Answer every method alike."""
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    @property
    def _grants(self) -> bool:
        return self.grants_tokens and "/token" in self.path

    @property
    def _is_google(self) -> bool:
        return any(part in self.path for part in ("/token", "/storage/", "/v1/", "/upload/"))

    @property
    def _content_type(self) -> str:
        return "application/json" if self._is_google else "application/xml"

    def _format(self, message: str) -> str:
        if self._grants:
            return json.dumps({"access_token": f"ya29.{WORD}", "expires_in": 3600})
        if "/token" in self.path:
            return json.dumps({"error": "invalid_grant", "error_description": message})
        if self._is_google:
            reasons = [{"reason": "forbidden", "message": message}]
            return json.dumps({"error": {"code": 403, "message": message, "errors": reasons}})
        return f"<Error><Code>AccessDenied</Code><Message>{escape(message)}</Message></Error>"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serve_quotes(
    refusal: int = 403, encode: Callable[[str], str] = str, *, grants_tokens: bool = False
) -> Iterator[int]:
    """Run one, and yield its port; a proxy's refusal is always 407."""
    settings = {
        "refusal": refusal,
        "encode": staticmethod(encode),
        "grants_tokens": grants_tokens,
    }
    handler = type("Handler", (_QuotingHandler,), settings)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def serve_plain_text() -> Iterator[int]:
    """Yield the port of a server that speaks no TLS, and answers with what it was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.02)
        ends = threading.Event()

        def serve() -> None:
            while not ends.is_set():
                try:
                    connection, _ = listener.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    connection.sendall(b"HTTP/1.1 400 " + connection.recv(4096)[:100] + b"\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            ends.set()
            thread.join()
