"""A repository with one pull request."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.cli.github.fixtures import ANNA
from tools.test_servers.github import FakeGitHub, running_github


@pytest.fixture
def github() -> Iterator[FakeGitHub]:
    """A repository whose number 1 is a pull request."""
    with running_github() as server:
        server.open_pull_request(ANNA)
        yield server
