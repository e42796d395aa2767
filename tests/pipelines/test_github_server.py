"""The fake GitHub answers as GitHub's documentation says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests

from tools.test_servers.github import ACTIONS, Account, FakeGitHub, running_github
from tools.test_servers.github.actions import Deployment

ANNA = Account("anna", 7)
COMMENTS = "/repos/acme/recordings/issues/1/comments"


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    """A repository with one pull request."""
    with running_github() as server:
        server.open_pull_request(ANNA)
        yield server


def call(github: FakeGitHub, token: str, method: str, path: str, **body: Any) -> requests.Response:
    """Send a request with a token."""
    return requests.request(
        method,
        path if path.startswith("http") else github.url + path,
        headers={"Authorization": f"Bearer {token}"},
        json=body or None,
        timeout=10,
    )


@pytest.mark.parametrize(
    ("query", "sizes"),
    [("", [30, 30, 30, 30, 1]), ("?per_page=100", [100, 21]), ("?per_page=500", [100, 21])],
)
def test_comments_come_in_pages_of_thirty_or_up_to_a_hundred(
    query: str, sizes: list[int], github: FakeGitHub
) -> None:
    """The next page's address is in a header, and names the repository by its number."""
    pull_request = github.repository.get_issue(1)
    for number in range(121):
        github.add_comment(pull_request, ANNA, f"comment {number}")
    token = github.create_token(issues="read")
    seen, pages, address = [], [], COMMENTS + query
    while address:
        page = call(github, token, "GET", address)
        pages.append(len(page.json()))
        seen += [one["body"] for one in page.json()]
        address = page.links.get("next", {}).get("url", "")
        assert not address or "/repositories/1296269/" in address
    assert pages == sizes
    assert seen == [f"comment {number}" for number in range(121)]


def test_a_comment_has_the_tokens_author(github: FakeGitHub) -> None:
    """A workflow's token writes as the bot of Actions, a person's as the person."""
    for token in (
        github.create_token(pull_requests="write"),
        github.create_token(ANNA, issues="write"),
    ):
        assert call(github, token, "POST", COMMENTS, body="hello").status_code == 201
    bot, person = call(github, github.create_token(issues="read"), "GET", COMMENTS).json()
    assert (bot["user"]["login"], bot["user"]["type"]) == ("github-actions[bot]", "Bot")
    assert bot["performed_via_github_app"]["slug"] == "github-actions"
    assert (person["user"]["login"], person["performed_via_github_app"]) == ("anna", None)


def test_a_changed_comment_keeps_its_id(github: FakeGitHub) -> None:
    """Its number and its author stay."""
    token = github.create_token(issues="write")
    made = call(github, token, "POST", COMMENTS, body="first").json()
    changed = call(github, token, "PATCH", made["url"], body="second").json()
    assert (changed["id"], changed["user"], changed["body"]) == (made["id"], made["user"], "second")
    assert github.repository.get_issue(1).comments[0].edits == 1


@pytest.mark.parametrize(
    ("permissions", "method", "path", "status"),
    [
        ({}, "POST", COMMENTS, 403),
        ({"issues": "read"}, "POST", COMMENTS, 403),
        ({"pull_requests": "write"}, "POST", COMMENTS, 201),
        ({"issues": "write"}, "POST", COMMENTS, 201),
        ({"pull_requests": "write"}, "POST", "/repos/acme/recordings/issues", 403),
        ({}, "GET", COMMENTS, 403),
        ({"issues": "write"}, "GET", "/user", 403),
        ({"issues": "write"}, "GET", "/repos/acme/another/issues", 404),
        ({"issues": "write"}, "GET", "/repos/ACME/Recordings/issues/1", 200),
        ({"issues": "write"}, "POST", "/repos/acme/recordings/issues/9/comments", 404),
    ],
)
def test_a_token_may_do_what_its_permissions_say(
    permissions: Mapping[str, str], method: str, path: str, status: int, github: FakeGitHub
) -> None:
    """Whatever else it asks for is refused, with GitHub's sentence."""
    body = {"body": "hello", "title": "hello"} if method == "POST" else {}
    answer = call(github, github.create_token(ACTIONS, **permissions), method, path, **body)
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["message"] == "Resource not accessible by integration"


@pytest.mark.parametrize(
    ("length", "status"), [(65_536, 201), (65_537, 422), (0, 422)], ids=["longest", "long", "empty"]
)
def test_a_comment_holds_65536_characters(length: int, status: int, github: FakeGitHub) -> None:
    """Characters, not bytes; one more is a failed validation."""
    token = github.create_token(issues="write")
    answer = call(github, token, "POST", COMMENTS, body="é" * length)
    assert answer.status_code == status
    if length > 65_536:
        (error,) = answer.json()["errors"]
        assert error["message"] == "Body is too long (maximum is 65536 characters)"


@pytest.mark.parametrize("wait", [7, None])
def test_a_secondary_limit_refuses_writes_only(wait: int | None, github: FakeGitHub) -> None:
    """With a header that says how long to wait, or without one."""
    github.limits.refusals, github.limits.retry_after = 1, wait
    token = github.create_token(issues="write")
    assert call(github, token, "GET", COMMENTS).status_code == 200
    refused = call(github, token, "POST", COMMENTS, body="hello")
    assert refused.status_code == 403
    assert "secondary rate limit" in refused.json()["message"]
    assert refused.headers.get("Retry-After") == (None if wait is None else "7")
    assert call(github, token, "POST", COMMENTS, body="hello").status_code == 201


def test_a_minute_holds_eighty_writes(github: FakeGitHub) -> None:
    """And an hour as many requests as the header says."""
    token = github.create_token(issues="write")
    codes = [call(github, token, "POST", COMMENTS, body="x").status_code for _ in range(81)]
    assert codes == [201] * 80 + [403]
    github.limits.requests = 81
    spent = call(github, token, "GET", COMMENTS)
    assert (spent.status_code, spent.headers["X-RateLimit-Remaining"]) == (403, "0")


def test_an_issue_is_opened_found_changed_and_closed(github: FakeGitHub) -> None:
    """The list has pull requests as well, which say that they are some."""
    token = github.create_token(issues="write")
    issues = "/repos/acme/recordings/issues"
    made = call(github, token, "POST", issues, title="Drift", body="a", labels=["drift"]).json()
    both = call(github, token, "GET", f"{issues}?state=all").json()
    assert [("pull_request" in one, one["number"]) for one in both] == [(False, 2), (True, 1)]
    ours = f"{issues}?creator=github-actions%5Bbot%5D&labels=drift"
    assert [one["number"] for one in call(github, token, "GET", ours).json()] == [2]
    closed = call(github, token, "PATCH", made["url"], state="closed").json()
    assert (closed["state"], closed["state_reason"]) == ("closed", "completed")
    assert call(github, token, "GET", ours).json() == []
    github.repository.has_issues = False
    assert call(github, token, "POST", issues, title="x").status_code == 410
    assert call(github, token, "POST", COMMENTS, body="x").status_code == 201


def test_deployments_are_listed_by_environment_the_newest_first(github: FakeGitHub) -> None:
    """Whoever may write them made them; names of environments are not case sensitive."""
    for environment, commit in (("Prod", "a"), ("test", "b"), ("prod", "c")):
        github.repository.deployments.append(Deployment(environment, commit * 40, ANNA))
    token = github.create_token(deployments="read")
    deployments = "/repos/acme/recordings/deployments"
    listed = call(github, token, "GET", f"{deployments}?environment=prod").json()
    assert [one["sha"][0] for one in listed] == ["c", "a"]
    assert call(github, github.create_token(), "GET", deployments).status_code == 403


def test_a_request_needs_a_token_that_is_known(github: FakeGitHub) -> None:
    """Every request is logged, whatever its answer."""
    assert requests.get(github.url + COMMENTS, timeout=10).status_code == 401
    assert call(github, "wrong", "GET", COMMENTS).json()["message"] == "Bad credentials"
    github.repository.get_issue(1).is_locked = True
    locked = call(github, github.create_token(issues="write"), "POST", COMMENTS, body="x")
    assert locked.status_code == 403
    assert [(one.method, one.status) for one in github.requests] == [
        ("GET", 401),
        ("GET", 401),
        ("POST", 403),
    ]
