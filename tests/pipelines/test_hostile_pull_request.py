"""A pull request of somebody who means harm, on a branch of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_provider.cli.github.job import create_marker
from tests.pipelines.pipeline import Pipeline
from tests.scenarios.steps import EmulatedApi
from tools.test_servers.github import Account

pytestmark = pytest.mark.engine

MALLORY = Account("mallory", 666)
NAME = "$(touch executed)`touch executed`; touch executed\n::set-env name=X::y | @acme <!-- -->"


def test_foreign_text_is_only_text(
    pipeline: Pipeline, emulated_api: EmulatedApi, tmp_path: Path
) -> None:
    """Neither a name nor a branch is executed, and a comment with our marker is not ours."""
    recording = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    request = pipeline.repository.open_pull_request(
        "$(touch${IFS}executed);--force", pipeline.declare(**{NAME: recording})
    )
    marker = create_marker("preview", tmp_path, {"GITHUB_WORKSPACE": str(tmp_path)})
    issue = pipeline.github.repository.get_issue(request.number)
    pipeline.github.add_comment(issue, MALLORY, f"{marker}\nNothing changes.")
    jobs = pipeline.run(pipeline.repository.describe(request))
    forged, ours = issue.comments
    assert (forged.author, forged.edits) == (MALLORY, 0)
    assert (ours.author.login, ours.body.count(marker)) == ("github-actions[bot]", 1)
    assert list(tmp_path.rglob("executed*")) == []
    token = pipeline.project.environment["CLOUDFLARE_API_TOKEN"]
    assert token not in jobs["preview"].log + jobs["preview"].summary + ours.body
