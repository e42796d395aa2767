"""A client of the fake GitHub, which does not wait."""

from __future__ import annotations

from realtimekit_provider.cli.github.client import GitHubClient, create_client
from tools.test_servers.github import ACTIONS, Account, FakeGitHub

__all__ = ["ANNA", "MARKER", "connect"]

ANNA = Account("anna", 7)
MARKER = "<!-- realtimekit-preview 0123456789abcdef -->"


def connect(
    github: FakeGitHub, account: Account = ACTIONS, *, author: str = "", **permissions: str
) -> GitHubClient:
    """Return a client with a token of an account, which may write comments unless it is said."""
    token = github.create_token(account, **(permissions or {"issues": "write"}))
    environment = {
        "GITHUB_REPOSITORY": "acme/recordings",
        "GITHUB_TOKEN": token,
        "GITHUB_API_URL": github.url,
    }
    client = create_client(author, environment)
    client.sleep = lambda _seconds: None
    return client
