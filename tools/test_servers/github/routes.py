"""The API's paths: who may call them, and what they answer.

Source: *REST API endpoints for issues*, *for issue comments*, *for users*,
*for deployments*, *for workflow runs*, *for workflow jobs*, *for commits*.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tools.test_servers.github.accounts import Token
from tools.test_servers.github.actions import compare_commits
from tools.test_servers.github.errors import GitHubApiError, refuse_field
from tools.test_servers.github.pages import select_page
from tools.test_servers.github.repository import (
    Issue,
    Repository,
    change_issue,
    read_comment_body,
)

__all__ = ["Answer", "Request", "answer_request"]

_LENGTH_OF_COMMIT = 40

Answer = tuple[int, Any, dict[str, str]]
"""Status, JSON document (``None`` for an empty answer) and headers."""


@dataclass(frozen=True)
class Request:
    """A request whose token is known.

    Attributes:
        method: The method.
        path: The path without a query.
        query: The parameters.
        body: The JSON document.
        token: What it was sent with.
        url: The API's address.
    """

    method: str
    path: str
    query: Mapping[str, str]
    body: Mapping[str, Any]
    token: Token
    url: str


def answer_request(request: Request, repository: Repository) -> Answer:
    """Answer a request.

    Raises:
        GitHubApiError: The answer is an error.
    """
    if request.path == "/user":
        return _get_user(request)
    address = re.fullmatch(r"/(?:repos/([^/]+/[^/]+)|repositories/(\d+))(/.*)", request.path)
    if address is None or not _is_of(repository, address[1], address[2]):
        raise GitHubApiError(404, "Not Found")
    for method, pattern, handle in _ROUTES:
        if (found := re.fullmatch(pattern, address[3])) and method == request.method:
            return handle(request, repository, *map(_read_part, found.groups()))
    raise GitHubApiError(404, "Not Found")


def _is_of(repository: Repository, name: str | None, number: str | None) -> bool:
    # Names are not case sensitive.
    return (name or "").lower() == repository.name.lower() or number == str(repository.number)


def _get_user(request: Request) -> Answer:
    if request.token.account.app:
        raise request.token.refuse()
    return 200, request.token.account.to_json(), {}


def _list_comments(request: Request, repository: Repository, number: int) -> Answer:
    issue = repository.get_issue(number)
    request.token.require("read", *_list_permissions(issue))
    ordered = sorted(issue.comments, key=lambda one: one.number)
    address = f"{request.url}/repositories/{repository.number}/issues/{number}/comments"
    page, headers = select_page(ordered, request.query, address)
    found = [repository.comment_to_json(issue, one, request.url) for one in page]
    return 200, found, headers


def _create_comment(request: Request, repository: Repository, number: int) -> Answer:
    issue = repository.get_issue(number)
    request.token.require("write", *_list_permissions(issue))
    if issue.is_locked:
        raise GitHubApiError(403, "Unable to create comment because issue is locked.")
    body = read_comment_body(request.body)
    comment = repository.add_comment(issue, request.token.account, body)
    return 201, repository.comment_to_json(issue, comment, request.url), {}


def _update_comment(request: Request, repository: Repository, number: int) -> Answer:
    issue, comment = repository.find_comment(number)
    request.token.require("write", *_list_permissions(issue))
    comment.body = read_comment_body(request.body)
    comment.edits += 1
    return 200, repository.comment_to_json(issue, comment, request.url), {}


def _delete_comment(request: Request, repository: Repository, number: int) -> Answer:
    issue, comment = repository.find_comment(number)
    request.token.require("write", *_list_permissions(issue))
    issue.comments.remove(comment)
    return 204, None, {}


def _list_issues(request: Request, repository: Repository) -> Answer:
    request.token.require("read", "issues")
    state = request.query.get("state", "open")
    creator = request.query.get("creator", "")
    labels = {name for name in request.query.get("labels", "").split(",") if name}
    chosen = [
        issue
        for issue in repository.issues.values()
        if state in {"all", issue.state}
        and creator in {"", issue.author.login}
        and labels <= set(issue.labels)
    ]
    if request.query.get("direction", "desc") == "desc":
        chosen.reverse()
    address = f"{request.url}/repositories/{repository.number}/issues"
    page, headers = select_page(chosen, request.query, address)
    return 200, [repository.issue_to_json(one, request.url) for one in page], headers


def _create_issue(request: Request, repository: Repository) -> Answer:
    request.token.require("write", "issues")
    if not repository.has_issues:
        raise GitHubApiError(410, "Issues has been disabled in this repository.")
    if "title" not in request.body:
        raise refuse_field("Issue", "title", "missing_field")
    draft = Issue(0, request.token.account, "")
    change_issue(draft, {**request.body, "state": "open"})
    issue = repository.open_issue(
        draft.author, draft.title, body=draft.body, labels=list(draft.labels)
    )
    return 201, repository.issue_to_json(issue, request.url), {}


def _get_issue(request: Request, repository: Repository, number: int) -> Answer:
    issue = repository.get_issue(number)
    request.token.require("read", *_list_permissions(issue))
    return 200, repository.issue_to_json(issue, request.url), {}


def _update_issue(request: Request, repository: Repository, number: int) -> Answer:
    issue = repository.get_issue(number)
    request.token.require("write", *_list_permissions(issue))
    change_issue(issue, request.body)
    return 200, repository.issue_to_json(issue, request.url), {}


def _list_deployments(request: Request, repository: Repository) -> Answer:
    request.token.require("read", "deployments")
    # Names are not case sensitive.
    wanted = request.query.get("environment", "").lower()
    newest_first = [
        one.to_json()
        for one in reversed(repository.deployments)
        if wanted in {"", one.environment.lower()}
    ]
    address = f"{request.url}/repositories/{repository.number}/deployments"
    page, headers = select_page(newest_first, request.query, address)
    return 200, page, headers


def _list_runs(request: Request, repository: Repository, file: str) -> Answer:
    request.token.require("read", "actions")
    found = [
        one.to_json()
        for one in reversed(repository.runs)
        if one.file == file
        and all(
            request.query.get(name, value) == value
            for name, value in (("branch", one.branch), ("head_sha", one.commit))
        )
    ]
    if not any(one.file == file for one in repository.runs):
        raise GitHubApiError(404, "Not Found")
    address = f"{request.url}/repositories/{repository.number}/actions/workflows/{file}/runs"
    page, headers = select_page(found, request.query, address)
    return 200, {"total_count": len(found), "workflow_runs": page}, headers


def _list_jobs(request: Request, repository: Repository, number: int) -> Answer:
    request.token.require("read", "actions")
    run = next((one for one in repository.runs if one.number == number), None)
    if run is None:
        raise GitHubApiError(404, "Not Found")
    jobs = run.jobs_to_json()
    address = f"{request.url}/repositories/{repository.number}/actions/runs/{number}/jobs"
    page, headers = select_page(jobs, request.query, address)
    return 200, {"total_count": len(jobs), "jobs": page}, headers


def _compare(request: Request, repository: Repository, base: str, head: str) -> Answer:
    request.token.require("read", "contents")
    return 200, {"status": compare_commits(repository.folder, base, head)}, {}


def _read_part(text: str) -> int | str:
    """Return a part of a path: numbers are shorter than a commit of nothing but digits."""
    return int(text) if text.isdecimal() and len(text) < _LENGTH_OF_COMMIT else text


def _list_permissions(issue: Issue) -> tuple[str, ...]:
    return ("issues", "pull_requests") if issue.is_pull_request else ("issues",)


_ROUTES: tuple[tuple[str, str, Callable[..., Answer]], ...] = (
    ("GET", r"/issues", _list_issues),
    ("POST", r"/issues", _create_issue),
    ("GET", r"/issues/(\d+)", _get_issue),
    ("PATCH", r"/issues/(\d+)", _update_issue),
    ("GET", r"/issues/(\d+)/comments", _list_comments),
    ("POST", r"/issues/(\d+)/comments", _create_comment),
    ("PATCH", r"/issues/comments/(\d+)", _update_comment),
    ("DELETE", r"/issues/comments/(\d+)", _delete_comment),
    ("GET", r"/deployments", _list_deployments),
    ("GET", r"/actions/workflows/([\w.-]+)/runs", _list_runs),
    ("GET", r"/actions/runs/(\d+)/jobs", _list_jobs),
    ("GET", r"/compare/([0-9a-f]{40})\.\.\.([0-9a-f]{40})", _compare),
)
