"""One comment of a pull request, found again among all others."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from realtimekit_provider.cli.github.client import GitHubClient, GitHubError

__all__ = ["save_comment"]


def save_comment(
    client: GitHubClient, number: int, marker: str, text: str, *, creates: bool = True
) -> str | None:
    """Write our comment of a pull request, in the place of the one that is there.

    Where there are several, the oldest is written and the others are deleted: jobs that run at the
    same time may have written one each.

    Args:
        client: The repository.
        number: The pull request's number.
        marker: The first line of our comment, which nobody sees.
        text: The comment, which begins with the marker.
        creates: Whether one is written where none is there.

    Returns:
        The comment's address, ``None`` where there is none.

    Raises:
        GitHubError: GitHub refuses, or cannot be reached.
    """
    written = _write_oldest(client, _list_own(client, number, marker), text)
    if written is not None or not creates:
        return written
    path = f"{_get_path(client)}/{number}/comments"
    created = client.request_object("POST", path, "id", body={"body": text})
    own = _list_own(client, number, marker)
    if own[:1] in ([], [created["id"]]):
        _delete(client, own[1:])
    elif (written := _write_oldest(client, own, text)) is not None:
        _delete(client, [] if created["id"] in own else [created["id"]])
        return written
    return str(created.get("html_url", ""))


def _get_path(client: GitHubClient) -> str:
    return f"/repos/{client.repository}/issues"


def _list_own(client: GitHubClient, number: int, marker: str) -> list[int]:
    """Return the numbers of our comments, the oldest first."""
    comments = client.list_pages(f"{_get_path(client)}/{number}/comments")
    return sorted(int(one["id"]) for one in comments if client.is_own(one, marker))


def _write_oldest(client: GitHubClient, own: Sequence[int], text: str) -> str | None:
    """Write the first comment that is still there and delete the others; return its address.

    It is ``None`` where none is there any more.
    """
    for position, comment in enumerate(own):
        try:
            written = client.request_object(
                "PATCH", f"{_get_path(client)}/comments/{comment}", "id", body={"body": text}
            )
        except GitHubError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
        else:
            _delete(client, own[position + 1 :])
            return str(written.get("html_url", ""))
    return None


def _delete(client: GitHubClient, comments: Sequence[int]) -> None:
    """Delete comments of ours, of which another job may have deleted some."""
    for comment in comments:
        try:
            client.request("DELETE", f"{_get_path(client)}/comments/{comment}")
        except GitHubError as error:
            if error.status != HTTPStatus.NOT_FOUND:
                raise
