"""The fake GitHub: HTTP in and out, tokens, and what a test looks at."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qsl, urlsplit

from tools.test_servers.github.accounts import ACTIONS, Account, Token
from tools.test_servers.github.errors import GitHubApiError
from tools.test_servers.github.rate_limits import RateLimits
from tools.test_servers.github.repository import Comment, Issue, Repository
from tools.test_servers.github.routes import Answer, Request, answer_request

__all__ = ["FakeGitHub", "LoggedRequest", "running_github"]


@dataclass(frozen=True)
class LoggedRequest:
    """A request that was answered."""

    method: str
    path: str
    status: int


class FakeGitHub:
    """One repository behind GitHub's REST API.

    Attributes:
        url: The API's address, as ``GITHUB_API_URL`` names it.
        repository: The repository, with its issues and comments.
        limits: The rate limits.
        requests: What was asked, in order.
    """

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self.repository = Repository(name)
        self.limits = RateLimits()
        self.requests: list[LoggedRequest] = []
        self._tokens: dict[str, Token] = {}
        self._lock = threading.RLock()

    def create_token(self, account: Account = ACTIONS, **permissions: str) -> str:
        """Return a token, such as that of a workflow's job, with ``issues="write"``."""
        text = f"ghs_CANARY{secrets.token_hex(12)}"
        self._tokens[text] = Token(account, permissions)
        return text

    def open_pull_request(self, author: Account, title: str = "A change") -> Issue:
        """Open a pull request."""
        with self._lock:
            return self.repository.open_issue(author, title, is_pull_request=True)

    def add_comment(self, issue: Issue, author: Account, body: str) -> Comment:
        """Let somebody write a comment, without a request."""
        with self._lock:
            return self.repository.add_comment(issue, author, body)

    def answer(
        self, method: str, target: str, headers: Mapping[str, str], content: bytes
    ) -> Answer:
        """Answer a request, and log it."""
        address = urlsplit(target)
        with self._lock:
            try:
                token = self._authenticate(headers)
                self.limits.count_request(method)
                request = Request(
                    method,
                    address.path,
                    dict(parse_qsl(address.query)),
                    _read_document(content),
                    token,
                    self.url,
                )
                status, body, more = answer_request(request, self.repository)
            except GitHubApiError as error:
                status, body, more = error.status, error.body, error.headers
            self.requests.append(LoggedRequest(method, target, status))
            return status, body, {**self.limits.to_headers(), **more}

    def _authenticate(self, headers: Mapping[str, str]) -> Token:
        if not headers.get("User-Agent"):
            raise GitHubApiError(403, "Request forbidden by administrative rules.")
        scheme, _, text = headers.get("Authorization", "").partition(" ")
        if not text:
            raise GitHubApiError(401, "Requires authentication")
        token = self._tokens.get(text.strip())
        if scheme.lower() not in {"bearer", "token"} or token is None:
            raise GitHubApiError(401, "Bad credentials")
        return token


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def _handle(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        github = cast("_Server", self.server).github
        headers = {name.title(): value for name, value in self.headers.items()}
        status, body, more = github.answer(
            self.command, self.path, headers, self.rfile.read(length)
        )
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = _handle  # noqa: N815  # http.server's names

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing: the requests are in a list."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    github: FakeGitHub


@contextmanager
def running_github(name: str = "acme/recordings") -> Iterator[FakeGitHub]:
    """Serve a repository on a free port of loopback until the end of the block."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.github = FakeGitHub(f"http://127.0.0.1:{server.server_port}", name)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.github
        finally:
            server.shutdown()
            thread.join()


def _read_document(content: bytes) -> Mapping[str, Any]:
    if not content:
        return {}
    try:
        document = json.loads(content)
    except ValueError:
        raise GitHubApiError(400, "Problems parsing JSON") from None
    if not isinstance(document, dict):
        raise GitHubApiError(400, "Body should be a JSON object")
    return document
