"""Issues, pull requests and their comments in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tools.test_servers.github.accounts import Account
from tools.test_servers.github.actions import Deployment, WorkflowRun
from tools.test_servers.github.errors import GitHubApiError, refuse_field

__all__ = ["Comment", "Issue", "Repository", "change_issue", "read_comment_body"]

_LONGEST_BODY = 65_536
_LONGEST_TITLE = 256
_CREATED = "2026-11-26T08:00:00Z"


@dataclass
class Comment:
    """A comment of an issue or of a pull request."""

    number: int
    author: Account
    body: str
    edits: int = 0


@dataclass
class Issue:
    """An issue; a pull request is one too."""

    number: int
    author: Account
    title: str
    body: str = ""
    state: str = "open"
    state_reason: str | None = None
    labels: list[str] = field(default_factory=list)
    is_pull_request: bool = False
    is_locked: bool = False
    comments: list[Comment] = field(default_factory=list)


class Repository:
    """One repository.

    Attributes:
        name: ``OWNER/NAME``.
        number: Its id, by which links to further pages name it.
        has_issues: Whether issues are enabled; pull requests have comments all the same.
        issues: Issues and pull requests by their numbers.
        deployments: The deployments, the oldest first.
        runs: The runs of workflows, the oldest first.
        folder: The git repository, whose commits are compared.
    """

    def __init__(self, name: str, number: int = 1296269) -> None:
        self.name = name
        self.number = number
        self.has_issues = True
        self.issues: dict[int, Issue] = {}
        self.deployments: list[Deployment] = []
        self.runs: list[WorkflowRun] = []
        self.folder: Path | None = None
        self._comment_numbers = count(2_000_000_001)

    def open_issue(self, author: Account, title: str, **fields: Any) -> Issue:
        """Open an issue or a pull request."""
        issue = Issue(len(self.issues) + 1, author, title, **fields)
        self.issues[issue.number] = issue
        return issue

    def add_comment(self, issue: Issue, author: Account, body: str) -> Comment:
        """Add a comment."""
        comment = Comment(next(self._comment_numbers), author, body)
        issue.comments.append(comment)
        return comment

    def get_issue(self, number: int) -> Issue:
        """Return an issue or a pull request; raise what the API answers if there is none."""
        issue = self.issues.get(number)
        if issue is None:
            raise GitHubApiError(404, "Not Found")
        return issue

    def find_comment(self, number: int) -> tuple[Issue, Comment]:
        """Return a comment with what it is a comment of."""
        for issue in self.issues.values():
            for comment in issue.comments:
                if comment.number == number:
                    return issue, comment
        raise GitHubApiError(404, "Not Found")

    def issue_to_json(self, issue: Issue, url: str) -> dict[str, Any]:
        """Return an issue's keys; only a pull request has ``pull_request``."""
        kind = "pull" if issue.is_pull_request else "issues"
        address = f"{url}/repos/{self.name}/issues/{issue.number}"
        document: dict[str, Any] = {
            "id": 1_000_000 + issue.number,
            "number": issue.number,
            "url": address,
            "comments_url": f"{address}/comments",
            "html_url": f"https://github.com/{self.name}/{kind}/{issue.number}",
            "title": issue.title,
            "body": issue.body or None,
            "state": issue.state,
            "state_reason": issue.state_reason,
            "labels": [{"name": name} for name in issue.labels],
            "locked": issue.is_locked,
            "comments": len(issue.comments),
            "user": issue.author.to_json(),
            "author_association": "NONE" if issue.author.app else "MEMBER",
            "created_at": _CREATED,
            "updated_at": _CREATED,
            "closed_at": _CREATED if issue.state == "closed" else None,
            "performed_via_github_app": issue.author.app_to_json(),
        }
        if issue.is_pull_request:
            document["pull_request"] = {"url": f"{url}/repos/{self.name}/pulls/{issue.number}"}
        return document

    def comment_to_json(self, issue: Issue, comment: Comment, url: str) -> dict[str, Any]:
        """Return a comment's keys."""
        page = f"https://github.com/{self.name}/pull/{issue.number}"
        return {
            "id": comment.number,
            "node_id": f"IC_{comment.number}",
            "url": f"{url}/repos/{self.name}/issues/comments/{comment.number}",
            "html_url": f"{page}#issuecomment-{comment.number}",
            "issue_url": f"{url}/repos/{self.name}/issues/{issue.number}",
            "body": comment.body,
            "user": comment.author.to_json(),
            "author_association": "NONE" if comment.author.app else "MEMBER",
            "created_at": _CREATED,
            "updated_at": _CREATED,
            "performed_via_github_app": comment.author.app_to_json(),
        }


def read_comment_body(given: Mapping[str, Any]) -> str:
    """Return a comment's text, or raise what the API answers to one that it refuses."""
    if "body" not in given:
        raise GitHubApiError(422, 'Invalid request.\n\n"body" wasn\'t supplied.')
    body = given["body"]
    if not isinstance(body, str) or not body.strip():
        raise refuse_field("IssueComment", "data", "unprocessable", "Body cannot be blank")
    if len(body) > _LONGEST_BODY:
        text = f"Body is too long (maximum is {_LONGEST_BODY} characters)"
        raise refuse_field("IssueComment", "data", "unprocessable", text)
    return body


def change_issue(issue: Issue, given: Mapping[str, Any]) -> None:
    """Set the fields of an issue that a request has."""
    if "title" in given:
        issue.title = _read_title(given["title"])
    if "body" in given:
        issue.body = _read_body(given["body"])
    if "labels" in given:
        issue.labels = [one if isinstance(one, str) else one["name"] for one in given["labels"]]
    if "state" in given:
        if given["state"] not in {"open", "closed"}:
            raise refuse_field("Issue", "state", "invalid")
        issue.state = given["state"]
        reason = "completed" if issue.state == "closed" else "reopened"
        issue.state_reason = given.get("state_reason") or reason


def _read_title(title: object) -> str:
    if not isinstance(title, str) or not title.strip():
        raise refuse_field("Issue", "title", "missing_field")
    if len(title) > _LONGEST_TITLE:
        text = f"title is too long (maximum is {_LONGEST_TITLE} characters)"
        raise refuse_field("Issue", "title", "custom", text)
    return title


def _read_body(body: object) -> str:
    text = body if isinstance(body, str) else ""
    if len(text) > _LONGEST_BODY:
        reason = f"body is too long (maximum is {_LONGEST_BODY} characters)"
        raise refuse_field("Issue", "body", "custom", reason)
    return text
