"""The workflows beside those of a pull request, and pull requests that are too large."""

from __future__ import annotations

import json

import pytest

from tests.pipelines.actions_runner.event import Event
from tests.pipelines.pipeline import Pipeline
from tests.pipelines.project_repository import run_git
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine


def deploy(pipeline: Pipeline, **recordings: object) -> None:
    """Merge a change of the recordings, which is deployed."""
    request = pipeline.repository.open_pull_request("change", pipeline.declare(**recordings))  # type: ignore[arg-type]
    jobs = pipeline.run(pipeline.repository.merge(request))
    assert jobs["deploy test"].conclusion == "success", jobs["deploy test"].log


def list_issues(pipeline: Pipeline) -> list[tuple[str, str]]:
    """Return state and body of every issue."""
    issues = pipeline.github.repository.issues.values()
    return [(one.state, one.body) for one in issues if not one.is_pull_request]


def test_drift_opens_one_issue_and_closes_it(pipeline: Pipeline, emulated_api: EmulatedApi) -> None:
    """A recording that was paused outside is told, until it records again."""
    recording = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    deploy(pipeline, standup=recording)
    morning = Event("schedule", run_git(pipeline.repository.bare, "rev-parse", "main"))
    (live,) = emulated_api.control.recordings()
    states = []
    emulated_api.control.wait_for(live.id, "RECORDING")
    for status in ("RECORDING", "PAUSED", "PAUSED", "RECORDING"):
        emulated_api.control.force(live.id, status)
        results = pipeline.run(morning)
        drift = next(job for name, job in results.items() if name.startswith("drift"))
        states.append((drift.conclusion, [state for state, _ in list_issues(pipeline)]))
    assert states == [
        ("success", []),
        ("failure", ["open"]),
        ("failure", ["open"]),
        ("success", ["closed"]),
    ]


def test_meetings_are_recorded_as_they_are_deployed(
    pipeline: Pipeline, emulated_api: EmulatedApi
) -> None:
    """What is merged and waits for its approval is not deployed by the schedule."""
    empty = emulated_api.control.create_meeting().id
    layers: dict[str, dict[str, str]] = {"default": {}}
    standup = {"meeting_id": empty, "layers": layers, "on_no_session": "skip"}
    deploy(pipeline, standup=standup)
    assert emulated_api.live_count == 0
    townhall = {"meeting_id": emulated_api.other_meeting_id, "layers": layers}
    newest = pipeline.repository.push("main", pipeline.declare(standup=standup, townhall=townhall))
    emulated_api.control.join(empty)
    named = {"client_payload": {"stack": "test"}}
    jobs = pipeline.run(Event("repository_dispatch", newest, payload=named))
    assert jobs["meetings test"].conclusion == "success", jobs["meetings test"].log
    assert emulated_api.live_count == 1
    (recording,) = emulated_api.control.recordings()
    assert recording.meeting_id == empty
    unknown = {"client_payload": {"stack": "$(touch executed)"}}
    jobs = pipeline.run(Event("repository_dispatch", newest, payload=unknown))
    assert jobs["meetings"].conclusion == "skipped"


def test_one_stack_is_deployed_by_hand(pipeline: Pipeline, emulated_api: EmulatedApi) -> None:
    """As a push deploys it: previewed, and in its environment; no other stack is touched."""
    recording = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    files = pipeline.declare(standup=recording)
    (text,) = files.values()
    text = text.replace(emulated_api.meeting_id, emulated_api.other_meeting_id)
    newest = pipeline.repository.push("main", files | {"stacks/Pulumi.other.yaml": text})
    jobs = pipeline.run(Event.create_dispatch("recordings-deploy.yml", newest, stack="test"))
    deployed = {name: one.conclusion for name, one in jobs.items() if name != "stacks"}
    assert deployed == {"review": "success", "deploy test": "success"}, jobs
    assert "other" not in jobs["review"].summary
    assert emulated_api.live_count == 1


def test_a_file_of_two_megabytes_is_not_read(pipeline: Pipeline) -> None:
    """The comment says so, and what to do."""
    recordings = {
        f"r{number}": {"meeting_id": f"{number:032d}", "layers": {"default": {}}}
        for number in range(24_000)
    }
    files = pipeline.declare(**recordings)
    assert sum(map(len, files.values())) > 2_000_000
    request = pipeline.repository.open_pull_request("large", files)
    jobs = pipeline.run(pipeline.repository.describe(request))
    (comment,) = pipeline.github.repository.get_issue(request.number).comments
    assert {one.conclusion for one in jobs.values()} == {"failure"}
    for text in (comment.body, jobs["check"].log):
        assert "more than 1 MiB is not read: split the stack" in text


def test_four_hundred_broken_stacks_fit_into_one_comment(pipeline: Pipeline) -> None:
    """Each of them is named; a merge would try them in two chunks, and deploy none."""
    (text,) = pipeline.declare(standup={"meeting": "$(touch executed)"}).values()
    files = {f"stacks/Pulumi.new{number}.yaml": text for number in range(400)}
    request = pipeline.repository.open_pull_request("many", files)
    jobs = pipeline.run(pipeline.repository.describe(request))
    assert {one.conclusion for one in jobs.values()} == {"failure"}
    (comment,) = pipeline.github.repository.get_issue(request.number).comments
    assert len(comment.body) <= 65_536
    assert all(f"new{number}`" in comment.body for number in range(400))
    pushed = pipeline.run(pipeline.repository.merge(request))
    assert [len(one) for one in json.loads(pushed["stacks"].outputs["chunks"])] == [256, 144]
    assert (pushed["review"].conclusion, pushed["deploy"].conclusion) == ("failure", "skipped")
