"""Who calls, and what the token that they call with may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tools.test_servers.github.errors import GitHubApiError

__all__ = ["ACTIONS", "Account", "Token"]


@dataclass(frozen=True)
class Account:
    """A user, or the bot of an app.

    Attributes:
        login: Its name; that of a bot ends in ``[bot]``.
        number: Its id.
        app: The slug of the app that it is the bot of; empty for a user.
    """

    login: str
    number: int
    app: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the keys of GitHub's *simple user* that a client may need."""
        return {
            "login": self.login,
            "id": self.number,
            "type": "Bot" if self.app else "User",
            "html_url": f"https://github.com/{self.login}",
            "site_admin": False,
        }

    def app_to_json(self) -> dict[str, Any] | None:
        """Return what ``performed_via_github_app`` holds of what this account wrote."""
        return {"id": 15368, "slug": self.app, "name": self.app} if self.app else None


ACTIONS = Account("github-actions[bot]", 41898282, "github-actions")
"""Who writes with the ``GITHUB_TOKEN`` of a workflow."""


@dataclass(frozen=True)
class Token:
    """A token.

    Attributes:
        account: Who writes with it.
        permissions: ``read`` or ``write`` by the permission's name, such as ``issues``.
    """

    account: Account
    permissions: Mapping[str, str]

    def require(self, level: str, *names: str) -> None:
        """Raise unless the token has one of the permissions, ``write`` including ``read``."""
        levels = ("write",) if level == "write" else ("read", "write")
        if not any(self.permissions.get(name) in levels for name in names):
            raise self.refuse()

    def refuse(self) -> GitHubApiError:
        """Return what the API answers where the token may not do something."""
        kind = "integration" if self.account.app else "personal access token"
        return GitHubApiError(403, f"Resource not accessible by {kind}")
