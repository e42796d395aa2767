"""One issue about a subject: opened, updated, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.cli.github.client import GitHubClient

__all__ = ["Issue", "close_issue", "find_issue", "save_issue"]


@dataclass(frozen=True)
class Issue:
    """An issue of ours.

    Attributes:
        number: Its number.
        url: Its address.
        title: Its title.
        body: Its text.
    """

    number: int
    url: str
    title: str
    body: str


def find_issue(client: GitHubClient, marker: str) -> Issue | None:
    """Return our open issue with this marker, the oldest where there are several.

    Args:
        client: The repository.
        marker: The first line of the issue's text, which nobody sees.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    path = f"/repos/{client.repository}/issues"
    listed = client.list_pages(path, state="open", direction="asc", sort="created")
    own = (one for one in listed if "pull_request" not in one and client.is_own(one, marker))
    return next(map(_parse_issue, own), None)


def save_issue(
    client: GitHubClient, marker: str, title: str, body: str, labels: Sequence[str] = ()
) -> Issue:
    """Update our open issue with this marker, or open one.

    Args:
        client: The repository.
        marker: The first line of the issue's text.
        title: The title.
        body: The text, which begins with the marker.
        labels: The labels of a new one; those of an issue that is there are left alone.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    path = f"/repos/{client.repository}/issues"
    own = find_issue(client, marker)
    if own is None:
        fields = {"title": title, "body": body, "labels": list(labels)}
        return _parse_issue(client.request_object("POST", path, "number", body=fields))
    if (own.title, own.body) == (title, body):
        return own
    fields = {"title": title, "body": body}
    address = f"{path}/{own.number}"
    return _parse_issue(client.request_object("PATCH", address, "number", body=fields))


def close_issue(client: GitHubClient, issue: Issue, comment: str) -> None:
    """Close an issue, with a comment that says why.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    path = f"/repos/{client.repository}/issues/{issue.number}"
    client.request_object("POST", f"{path}/comments", "id", body={"body": comment})
    fields = {"state": "closed", "state_reason": "completed"}
    client.request_object("PATCH", path, "number", body=fields)


def _parse_issue(document: dict[str, Any]) -> Issue:
    return Issue(
        int(document["number"]),
        str(document.get("html_url", "")),
        str(document.get("title", "")),
        str(document.get("body") or ""),
    )
