"""A pull request has one comment, and what was merged is deployed."""

from __future__ import annotations

import pytest

from tests.pipelines.actions_runner.event import Event
from tests.pipelines.pipeline import Pipeline
from tests.pipelines.project_repository import run_git
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine


def test_a_pull_request_is_previewed_once_more_and_deployed(
    pipeline: Pipeline, emulated_api: EmulatedApi
) -> None:
    """Three pushes leave one comment, the last of which takes all back; a merge starts it.

    What the program prints is shown, and is no command to the runner.
    """
    recording = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    request = pipeline.repository.open_pull_request(
        "standup",
        pipeline.declare(standup={**recording, "desired_state": "PAUSED"})
        | pipeline.change_program("print('::error::of the program')\n"),
    )
    first = pipeline.run(pipeline.repository.describe(request))
    assert {name: job.conclusion for name, job in first.items()} == {
        "check": "success",
        "preview": "success",
    }, first["preview"].log
    pipeline.repository.push("standup", pipeline.declare(standup=recording))
    second = pipeline.run(pipeline.repository.describe(request))
    assert second["preview"].conclusion == "success", second["preview"].log
    (comment,) = pipeline.github.repository.get_issue(request.number).comments
    assert (comment.author.login, comment.edits) == ("github-actions[bot]", 1)
    assert "standup" in comment.body
    head = run_git(pipeline.repository.clone, "rev-parse", "HEAD")
    run_git(pipeline.repository.clone, "checkout", "main", "--", ".")
    pipeline.repository.push("standup")
    third = pipeline.run(pipeline.repository.describe(request))
    assert (third["preview"].conclusion, comment.edits) == ("success", 2), third["preview"].log
    assert "**No stack changes**" in comment.body
    assert "standup" not in comment.body
    assert emulated_api.control.requests() == []
    run_git(pipeline.repository.clone, "checkout", head, "--", ".")
    pipeline.repository.push("standup")
    merged = pipeline.repository.merge(request)
    deployed = pipeline.run(merged)
    assert deployed["deploy test"].conclusion == "success", deployed
    assert "standup" in deployed["review"].summary
    assert emulated_api.live_count == 1
    assert "::error::of the program" in deployed["deploy test"].log
    assert [job.commands for job in deployed.values()] == [[] for _ in deployed]
    for stack in ("unknown", "--help", "$(touch x)\n::error::x"):
        by_hand = Event.create_dispatch("recordings-deploy.yml", merged.commit, stack=stack)
        refused = pipeline.run(by_hand)
        assert refused["stacks"].conclusion == "failure"
        assert "(there: test)" in refused["stacks"].log
        assert refused["stacks"].commands == []
        assert refused["deploy"].conclusion == "skipped"
    printed = [comment.body]
    for job in (*first.values(), *second.values(), *deployed.values()):
        printed += [job.log, job.summary, str(job.outputs)]
    for name in ("CLOUDFLARE_API_TOKEN", "PULUMI_CONFIG_PASSPHRASE"):
        assert pipeline.project.environment[name] not in "\n".join(printed)
    assert "ghs_CANARY" not in "\n".join(printed)
