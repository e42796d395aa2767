"""One comment of a pull request, found again among all others."""

from __future__ import annotations

from realtimekit_provider.cli.github.client import GitHubClient

__all__ = ["save_comment"]


def save_comment(
    client: GitHubClient, number: int, marker: str, text: str, *, creates: bool = True
) -> str | None:
    """Write our comment of a pull request, in the place of the one that is there.

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
    address = f"/repos/{client.repository}/issues"
    comments = client.list_pages(f"{address}/{number}/comments")
    own = next((one for one in comments if client.is_own(one, marker)), None)
    if own is None and not creates:
        return None
    if own is None:
        response = client.request("POST", f"{address}/{number}/comments", body={"body": text})
    else:
        path = f"{address}/comments/{int(own['id'])}"
        response = client.request("PATCH", path, body={"body": text})
    return str(response.json().get("html_url", ""))
