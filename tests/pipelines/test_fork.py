"""A pull request from a fork is checked, and gets nothing."""

from __future__ import annotations

import pytest

from tests.pipelines.pipeline import Pipeline
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine


def test_a_forks_files_are_checked_and_nothing_else_runs(
    pipeline: Pipeline, emulated_api: EmulatedApi
) -> None:
    """The mistake is shown beside its line; there is no comment, and no call of the API."""
    files = pipeline.declare(standup={"meeting_id": "$(touch /tmp/x)", "layer": {}})
    request = pipeline.repository.open_pull_request("$(touch${IFS}x)", files, is_from_fork=True)
    jobs = pipeline.run(pipeline.repository.describe(request))
    assert {name: job.conclusion for name, job in jobs.items()} == {
        "check": "failure",
        "preview": "skipped",
    }
    assert "::error file=stacks/Pulumi.test.yaml,line=" in jobs["check"].log
    assert pipeline.github.requests == []
    assert emulated_api.control.requests() == []
