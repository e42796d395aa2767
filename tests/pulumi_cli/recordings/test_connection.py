"""A token or a connection that is not as it should be: told as what it is, and nothing started."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

PUBLIC = "https://api.cloudflare.com/client/v4"
CASES: Mapping[str, Mapping[str, str]] = {
    "the API says that the token is not in the right form": {
        "CLOUDFLARE_API_TOKEN": '"CANARY-token"'
    },
    "begins with a byte order mark": {"CLOUDFLARE_API_TOKEN": "\ufeffCANARY-token"},
    "REQUESTS_CA_BUNDLE names /gone, which does not exist": {
        "REQUESTS_CA_BUNDLE": "/gone",
        "HTTPS_PROXY": "http://127.0.0.1:1",
        "CLOUDFLARE_BASE_URL": PUBLIC,
    },
    "the proxy 127.0.0.1:1 (HTTPS_PROXY) refused the connection": {
        "HTTPS_PROXY": "http://user:CANARY-password@127.0.0.1:1",
        "CLOUDFLARE_BASE_URL": PUBLIC,
    },
}
"""What a row says, and the variables that lead to it."""


def test_the_row_names_why_no_call_was_answered(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Without the credential; once the variable is right, the same stack deploys."""
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    environment = project.environment
    for message, variables in CASES.items():
        project.environment = {**environment, **variables}
        outcome = project.try_up()
        assert outcome.code != 0
        assert message in outcome.output, outcome.output
        assert "CANARY" not in outcome.output
    assert emulated_api.control.counts().of("start_track") == 0
    project.environment = environment
    project.up()
    assert emulated_api.live_count == 1
