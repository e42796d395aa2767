"""GitHub's REST API on loopback: issues and comments, as GitHub's documentation describes them."""

from tools.test_servers.github.accounts import ACTIONS, Account
from tools.test_servers.github.server import FakeGitHub, running_github

__all__ = ["ACTIONS", "Account", "FakeGitHub", "running_github"]
