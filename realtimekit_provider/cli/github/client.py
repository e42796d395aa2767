"""Calls of GitHub's REST API, with the token of the job."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.redaction import redact

__all__ = ["ACTIONS_LOGIN", "ForbiddenError", "GitHubClient", "GitHubError", "create_client"]

ACTIONS_LOGIN = "github-actions[bot]"
"""Who writes with a workflow's own ``GITHUB_TOKEN``."""

_API_URL = "https://api.github.com"
_TIMEOUT = (10.0, 30.0)
_TRIES = 4
_LONGEST_PAUSE = 60.0
_PAUSE = 2.0
_PAGE = 100
_MOST_PAGES = 1000
_FORBIDDEN, _NOT_FOUND, _TOO_MANY, _SERVER_ERROR = 403, 404, 429, 500


class GitHubError(CommandError):
    """GitHub did not do what it was asked for.

    Args:
        text: What happened and what to do.
        status: The status of its answer, ``None`` where it gave none.
        code: What the process exits with.
    """

    def __init__(
        self, text: str, status: int | None = None, code: ExitCode = ExitCode.ERROR
    ) -> None:
        super().__init__(text, code)
        self.status = status


class ForbiddenError(GitHubError):
    """The token lacks a permission."""


@dataclass
class GitHubClient:
    """GitHub's API for one repository.

    Attributes:
        repository: ``OWNER/NAME``.
        token: The token.
        api_url: The API's address.
        author: Who writes with the token; asked for where it is empty.
        session: What the requests are sent with.
        sleep: Waits for a number of seconds.
    """

    repository: str
    token: str = field(repr=False)
    api_url: str = _API_URL
    author: str = ""
    session: requests.Session = field(default_factory=requests.Session, repr=False)
    sleep: Callable[[float], None] = field(default=time.sleep, repr=False)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> requests.Response:
        """Send a request, again where GitHub asks for it, and return the answer.

        A ``POST`` is sent again only where GitHub says that it did nothing: two comments are
        worse than none.

        Args:
            method: The method.
            path: The path, from the API's address on.
            query: The parameters.
            body: The JSON document.

        Raises:
            GitHubError: It refuses, or cannot be reached.
        """
        for number in range(1, _TRIES + 1):
            try:
                response = self.session.request(
                    method,
                    f"{self.api_url.rstrip('/')}{path}",
                    params=query,
                    json=body,
                    timeout=_TIMEOUT,
                    auth=self._authorize,
                )
            except requests.RequestException as error:
                if method == "POST" or number == _TRIES:
                    raise GitHubError(
                        f"GitHub cannot be reached ({type(error).__name__}): run the job again"
                    ) from None
                self.sleep(_PAUSE * number)
                continue
            if response.ok:
                return response
            pause = _get_pause(response, method, number)
            if pause is None or number == _TRIES:
                break
            self.sleep(pause)
        raise _create_error(response, self.repository)

    def request_object(
        self, method: str, path: str, key: str, *, body: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Send a request, and return the object that it is answered with.

        Args:
            method: The method.
            path: The path, from the API's address on.
            key: A key that the object has.
            body: The JSON document.

        Raises:
            GitHubError: It refuses, cannot be reached, or it is not GitHub that answers.
        """
        response = self.request(method, path, body=body)
        document = _read_json(response)
        if not isinstance(document, dict) or key not in document:
            raise _create_foreign_error(response)
        return document

    def list_pages(self, path: str, **query: str | int) -> Iterator[dict[str, Any]]:
        """Yield the items of all pages of a list.

        Raises:
            GitHubError: It refuses, cannot be reached, or it is not GitHub that answers.
        """
        for page in range(1, _MOST_PAGES + 1):
            response = self.request("GET", path, query={**query, "per_page": _PAGE, "page": page})
            items = _read_json(response)
            if not isinstance(items, list) or not all(isinstance(one, dict) for one in items):
                raise _create_foreign_error(response)
            yield from items
            if "next" not in response.links:
                return

    def is_own(self, item: Mapping[str, Any], marker: str) -> bool:
        """Whether a comment or an issue has the marker, and was written with our token.

        Anybody can write a marker; a login that ends in ``[bot]`` is no user's.
        """
        user = item.get("user") or {}
        login = str(user.get("login", ""))
        body = str(item.get("body") or "").replace("\r\n", "\n")
        is_author = login.casefold() == self.get_author().casefold()
        is_bot = not login.endswith("[bot]") or user.get("type") == "Bot"
        return is_author and is_bot and body.split("\n", 1)[0].strip() == marker

    def get_author(self) -> str:
        """Return who writes with the token.

        The token of a workflow, or of another app, may not ask: then it is GitHub Actions, unless
        ``author`` names another one.
        """
        if not self.author:
            try:
                self.author = str(self.request_object("GET", "/user", "login")["login"])
            except GitHubError as error:
                if error.status not in {_FORBIDDEN, _NOT_FOUND}:
                    raise
                self.author = ACTIONS_LOGIN
        return self.author

    def _authorize(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # Without it, requests would take what a .netrc file has for the host.
        request.headers["Authorization"] = f"Bearer {self.token}"
        request.headers["Accept"] = "application/vnd.github+json"
        request.headers["X-GitHub-Api-Version"] = "2022-11-28"
        return request


def create_client(author: str = "", environment: Mapping[str, str] = os.environ) -> GitHubClient:
    """Return a client for the repository and with the token of a job's environment.

    Args:
        author: Who writes with the token, where it is neither a user's nor the workflow's own.
        environment: Has ``GITHUB_REPOSITORY``, ``GITHUB_TOKEN`` and, for another server than
            GitHub's own, ``GITHUB_API_URL``.

    Raises:
        CommandError: One of them is not set.
    """
    for name, example in (
        ("GITHUB_REPOSITORY", "OWNER/NAME, as GitHub Actions sets it"),
        ("GITHUB_TOKEN", "${{ github.token }}, in the step's 'env'"),
    ):
        if not environment.get(name):
            raise CommandError(f"{name} is not set: set it to {example}", ExitCode.CONFIGURATION)
    return GitHubClient(
        environment["GITHUB_REPOSITORY"],
        environment["GITHUB_TOKEN"],
        environment.get("GITHUB_API_URL") or _API_URL,
        author,
    )


def _get_pause(response: requests.Response, method: str, number: int) -> float | None:
    """Return how long to wait before the same request, ``None`` where it would not help."""
    is_limited = response.status_code == _TOO_MANY or "rate limit" in response.text
    if response.status_code in {_FORBIDDEN, _TOO_MANY} and is_limited:
        given = response.headers.get("Retry-After", "")
        pause = float(given) if given.isdecimal() else _PAUSE * 2**number
        return pause if pause <= _LONGEST_PAUSE else None
    is_repeatable = method != "POST" and response.status_code >= _SERVER_ERROR
    return _PAUSE * number if is_repeatable else None


def _create_error(response: requests.Response, repository: str) -> GitHubError:
    status, reason = response.status_code, _get_message(response)
    if status == 401:  # noqa: PLR2004  # HTTP's
        text = "GitHub rejects GITHUB_TOKEN: it is expired or no token of this server"
        return GitHubError(text, status, ExitCode.AUTHENTICATION)
    if status == _FORBIDDEN and "rate limit" not in reason:
        return ForbiddenError(
            f"GitHub does not let this token do that ({reason}). Give the job the permission: "
            "'pull-requests: write' for comments, 'issues: write' for issues. A pull request from "
            "a fork never has it",
            status,
            ExitCode.AUTHENTICATION,
        )
    if status == _NOT_FOUND:
        text = (
            f"there is no such pull request or issue in {repository}, or the token may not see it"
        )
        return GitHubError(text, status)
    return GitHubError(f"GitHub answers with {status}: {reason}", status)


def _read_json(response: requests.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        raise _create_foreign_error(response) from None


def _create_foreign_error(response: requests.Response) -> GitHubError:
    return GitHubError(
        "what answers is not GitHub's API: see whether GITHUB_API_URL is its address, and "
        "whether a proxy answers in its place",
        response.status_code,
    )


def _get_message(response: requests.Response) -> str:
    try:
        document = response.json()
    except ValueError:
        document = {}
    found = document.get("message") if isinstance(document, dict) else None
    errors = document.get("errors") if isinstance(document, dict) else None
    details = [str(one.get("message", "")) for one in errors or () if isinstance(one, dict)]
    text = "; ".join(filter(None, [str(found or response.reason), *details]))
    return redact(text[:300])
