"""``realtimekit up --reviewed`` on the real engine: what was reviewed is deployed, nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.cli.changes.digest import compute_digest
from realtimekit_provider.cli.changes.preview import run_preview
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.stack_files.project import find_project
from tests.pulumi_cli.support.cancelled_deployment import run_realtimekit
from tests.pulumi_cli.support.project import Outcome, Project

pytestmark = pytest.mark.engine


def test_only_what_was_reviewed_is_deployed(
    project: Project, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with 7 and no write at the API; somebody who entered a room changes nothing."""
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    meetings = [control.create_meeting(participants=count).id for count in (1, 0, 1)]
    standup: dict[str, Any] = {"meeting_id": meetings[0], "layers": {"default": {}}}
    empty = {"meeting_id": meetings[1], "layers": {"default": {}}, "on_no_session": "skip"}
    more = {"meeting_id": meetings[2], "layers": {"default": {}}}
    project.configure(standup=standup, empty=empty)
    digest = compute_digest(run_preview(find_project(project.folder), project.stack))

    project.configure(standup={**standup, "desired_state": "PAUSED"}, empty=empty)
    paused = _deploy(project, digest)
    project.configure(standup=standup, empty=empty, more=more)
    added = _deploy(project, digest)
    assert (paused.code, added.code) == (ExitCode.CHANGES, ExitCode.CHANGES)
    assert "TrackRecording 'standup' is new" in paused.output
    assert "TrackRecording 'more' is new" in added.output
    assert {one.method for one in control.requests()} <= {"GET"}
    assert project.run("stack", "--show-urns").count("TrackRecording") == 0

    project.configure(standup=standup, empty=empty)
    control.join(meetings[1])
    done = _deploy(project, digest)
    assert done.code == ExitCode.OK, done.output
    assert "Outputs:" not in done.output
    assert [len(control.recordings(meeting)) for meeting in meetings] == [1, 1, 0]


def test_a_rejected_token_has_its_exit_code(project: Project, control: Control) -> None:
    """The CLI itself exits with 1, whatever failed."""
    meeting = control.create_meeting(participants=1).id
    project.configure(standup={"meeting_id": meeting, "layers": {"default": {}}})
    project.environment["CLOUDFLARE_API_TOKEN"] = "0" * 40
    failed = run_realtimekit(project, "up", "--stack", project.stack)
    assert failed.code == ExitCode.AUTHENTICATION, failed.output
    assert "the API refused the token" in failed.output


def test_a_recording_that_is_renamed_without_an_alias_runs_on(
    project: Project, control: Control
) -> None:
    """The new name is refused, the old one is not stopped; with the alias there is no change."""
    meeting = control.create_meeting(participants=1).id
    standup: dict[str, Any] = {"meeting_id": meeting, "layers": {"default": {}}}
    project.configure(standup=standup)
    project.up()
    project.configure(daily=standup)
    failed = run_realtimekit(project, "up", "--stack", project.stack)
    assert failed.code not in {ExitCode.OK, ExitCode.CHANGES}, failed.output
    assert "'standup' was not stopped: 'daily', which is to record the same" in failed.output
    assert 'aliases: ["standup"]' in failed.output
    (recording,) = control.recordings(meeting)
    assert recording.status in {"INVOKED", "RECORDING"}
    assert set(project.read_recordings()) == {"standup"}

    project.configure(daily={**standup, "aliases": ["standup"]})
    project.up("--expect-no-changes")
    assert project.read_recordings()["daily"]["id"] == recording.id


def _deploy(project: Project, digest: str) -> Outcome:
    return run_realtimekit(project, "up", "--stack", project.stack, "--reviewed", digest)
