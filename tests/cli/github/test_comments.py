"""One comment of ours, whoever else writes, and however much."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.github.client import ForbiddenError, GitHubClient, GitHubError
from realtimekit_provider.cli.github.comments import save_comment
from tests.cli.github.fixtures import ANNA, MARKER, connect
from tools.test_servers.github import ACTIONS, Account, FakeGitHub


def list_own(github: FakeGitHub, author: Account = ACTIONS) -> list[str]:
    """Return the texts of the comments of an author."""
    comments = github.repository.get_issue(1).comments
    return [one.body for one in comments if one.author == author]


def test_200_foreign_comments_hide_no_own_one(github: FakeGitHub) -> None:
    """Some have our marker, and some of those are by bots; ours is on the third page."""
    bots = [ANNA, Account("helper[bot]", 8, "helper"), Account("github-actions", 9)]
    bots.append(Account("github-actions[bot]", 10))
    pull_request = github.repository.get_issue(1)
    for number in range(200):
        text = f"{MARKER}\nforged" if number % 3 == 0 else f"comment {number}"
        github.add_comment(pull_request, bots[number % len(bots)], text)
    for text in ("first", "second", "third"):
        save_comment(connect(github), 1, MARKER, f"{MARKER}\n{text}")
    assert list_own(github) == [f"{MARKER}\nthird"]
    assert sum(one.edits for one in pull_request.comments if one.author != ACTIONS) == 0
    assert sum(one.method == "POST" for one in github.requests) == 1


def test_another_comment_of_the_same_author_is_left_alone(github: FakeGitHub) -> None:
    """Of another tool, of another project, and one that quotes ours."""
    others = ["plan: 3 to add", MARKER.replace("0123", "4567"), f"> quoted\n{MARKER}"]
    for text in others:
        github.add_comment(github.repository.get_issue(1), ACTIONS, text)
    save_comment(connect(github), 1, MARKER, f"{MARKER}\nours")
    assert list_own(github) == [*others, f"{MARKER}\nours"]


def interrupt(client: GitHubClient, method: str, act: Callable[[], object]) -> None:
    """Have something happen after the first request with this method was answered."""

    def handle(response: requests.Response, **_keywords: object) -> None:
        if response.request.method == method and "/comments" in str(response.request.url):
            client.session.hooks["response"].remove(handle)
            act()

    client.session.hooks["response"].append(handle)


@pytest.mark.parametrize("number", [1, 2])
def test_a_comment_that_was_deleted_meanwhile_is_written_elsewhere(
    number: int, github: FakeGitHub
) -> None:
    """Anew, or in the place of another one of ours."""
    pull_request = github.repository.get_issue(1)
    first, *_ = [github.add_comment(pull_request, ACTIONS, f"{MARKER}\nold") for _ in range(number)]
    client = connect(github)
    interrupt(client, "GET", lambda: pull_request.comments.remove(first))
    save_comment(client, 1, MARKER, f"{MARKER}\nnew")
    assert list_own(github) == [f"{MARKER}\nnew"]


def test_the_oldest_of_several_own_comments_is_left(github: FakeGitHub) -> None:
    """Another project's stays, and one that somebody forged."""
    pull_request = github.repository.get_issue(1)
    foreign = ["plan: 3 to add", MARKER.replace("0123", "4567")]
    for text in (foreign[0], f"{MARKER}\nold", f"{MARKER}\nolder", foreign[1], f"{MARKER}\noldest"):
        github.add_comment(pull_request, ACTIONS, text)
    github.add_comment(pull_request, ANNA, f"{MARKER}\nforged")
    save_comment(connect(github), 1, MARKER, f"{MARKER}\nnew")
    assert list_own(github) == [foreign[0], f"{MARKER}\nnew", foreign[1]]
    assert list_own(github, ANNA) == [f"{MARKER}\nforged"]


@pytest.mark.parametrize("is_faster", [False, True])
def test_two_previews_at_once_leave_one_comment(is_faster: bool, github: FakeGitHub) -> None:
    """Neither finds one; the other job keeps the older one too, and may have done so."""
    pull_request = github.repository.get_issue(1)
    text = f"{MARKER}\nof the other"
    client = connect(github)
    interrupt(client, "GET", lambda: github.add_comment(pull_request, ACTIONS, text))
    if is_faster:
        interrupt(client, "POST", pull_request.comments.pop)
    save_comment(client, 1, MARKER, f"{MARKER}\nours")
    assert list_own(github) == [f"{MARKER}\nours"]
    save_comment(connect(github), 1, MARKER, f"{MARKER}\nlater")
    assert list_own(github) == [f"{MARKER}\nlater"]


@pytest.mark.parametrize(
    ("account", "author"),
    [(ANNA, ""), (Account("deployer[bot]", 11, "deployer"), "deployer[bot]")],
)
def test_a_token_of_somebody_else_finds_its_own_comment(
    account: Account, author: str, github: FakeGitHub
) -> None:
    """A person's token says whose it is; an app's must be told."""
    for text in ("first", "second"):
        save_comment(connect(github, account, author=author), 1, MARKER, f"{MARKER}\n{text}")
    assert list_own(github, account) == [f"{MARKER}\nsecond"]


def test_a_token_without_the_permission_says_which_one(github: FakeGitHub) -> None:
    """As in a pull request from a fork."""
    with pytest.raises(ForbiddenError, match="'pull-requests: write' for comments") as caught:
        save_comment(connect(github, issues="read"), 1, MARKER, f"{MARKER}\nours")
    assert caught.value.code is ExitCode.AUTHENTICATION
    assert list_own(github) == []


def test_a_pull_request_that_is_not_there_is_named(github: FakeGitHub) -> None:
    """Or one that the token may not see."""
    with pytest.raises(GitHubError, match="no such pull request or issue in acme/recordings"):
        save_comment(connect(github), 99, MARKER, MARKER)


def test_a_comment_with_windows_line_ends_is_ours(github: FakeGitHub) -> None:
    """Somebody edited it in a browser."""
    github.add_comment(github.repository.get_issue(1), ACTIONS, f"{MARKER}\r\nedited")
    save_comment(connect(github), 1, MARKER, f"{MARKER}\nours")
    assert list_own(github) == [f"{MARKER}\nours"]


def test_a_secondary_limit_is_waited_for(github: FakeGitHub) -> None:
    """Also where GitHub does not say for how long."""
    for retry_after in (1, None):
        github.limits.refusals, github.limits.retry_after = 2, retry_after
        save_comment(connect(github), 1, MARKER, f"{MARKER}\nours")
    assert list_own(github) == [f"{MARKER}\nours"]


def test_a_wait_that_is_too_long_is_an_error(github: FakeGitHub) -> None:
    """An hour is no pause in a job; nor is it a permission that the token lacks."""
    github.limits.refusals, github.limits.retry_after = 1, 3600
    with pytest.raises(GitHubError, match="rate limit") as caught:
        save_comment(connect(github), 1, MARKER, f"{MARKER}\nours")
    assert caught.type is GitHubError
