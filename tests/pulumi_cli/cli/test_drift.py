"""``realtimekit ci drift`` on the real engine: one issue, an exit code, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import Ended, run_command
from tests.pulumi_cli.support.project import Project
from tools.test_servers.github.server import FakeGitHub, running_github

pytestmark = pytest.mark.engine


@pytest.fixture
def github(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeGitHub]:
    """A repository, whose job this process is."""
    with running_github() as server:
        job = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": server.url,
            "GITHUB_REPOSITORY": "acme/recordings",
            "GITHUB_TOKEN": server.create_token(issues="write"),
            "GITHUB_WORKSPACE": str(project.folder),
        }
        for name, value in {**project.environment, **job}.items():
            monkeypatch.setenv(name, value)
        yield server


def test_drift_has_one_issue_until_it_is_gone(
    project: Project,
    control: Control,
    github: FakeGitHub,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Paused, resumed and stopped outside; not an end by itself, nor an empty room."""
    meetings = {
        name: control.create_meeting(participants=0 if name == "empty" else 1).id
        for name in ("paused", "stopped", "left", "empty")
    }
    skip = {"empty": {"on_no_session": "skip"}}
    declared: dict[str, Any] = {
        name: {"meeting_id": meeting, "layers": {"default": {}}, **skip.get(name, {})}
        for name, meeting in meetings.items()
    }
    project.configure(**declared)
    project.up()
    ids = {name: one["id"] for name, one in project.read_recordings().items()}
    for name in ("paused", "stopped", "left"):
        control.wait_for(ids[name], "RECORDING")
    control.end_session(meetings["left"])
    control.wait_for(ids["left"], "UPLOADED")
    state = project.state_file.read_bytes()

    def look(*flags: str) -> Ended:
        folder = str(project.folder)
        return run_command(capsys, "ci", "drift", "--stack", "test", "--cwd", folder, *flags)

    clean = look()
    assert (clean.code, clean.output) == (ExitCode.OK, "test: as declared\n")
    assert github.repository.issues == {}

    control.force(ids["paused"], "PAUSED")
    paused = look()
    assert paused.code == ExitCode.CHANGES
    assert "'paused' was paused outside of this stack" in paused.output
    row = f"resumes the recording of meeting {meetings['paused']}, which was paused outside of"
    assert row in project.preview("--refresh")
    control.force(ids["stopped"], "UPLOADED")
    both = look("--json")
    assert both.code == ExitCode.CHANGES
    assert [one["cause"] for one in both.document["stacks"][0]["findings"]] == ["paused", "stopped"]
    (issue,) = github.repository.issues.values()
    assert issue.state == "open"
    assert "TrackRecording `stopped` was stopped outside of this stack" in issue.body
    assert project.state_file.read_bytes() == state

    control.refuse_connections()
    down = look()
    control.accept_connections()
    assert (down.code, issue.state) == (ExitCode.ERROR, "open")
    assert "the connection was refused" in down.messages

    project.up("--refresh")
    more = {"meeting_id": control.create_meeting().id, "layers": {"default": {}}}
    project.configure(**declared, more=more)
    undeployed = look("--no-issue")
    assert (undeployed.code, issue.state) == (ExitCode.CHANGES, "open")
    assert "TrackRecording 'more' is new" in undeployed.output
    project.configure(**declared)
    assert look().code == ExitCode.OK
    assert (len(github.repository.issues), issue.state) == (1, "closed")

    _look_without_a_whole_file(project, look)


def _look_without_a_whole_file(project: Project, look: Callable[[], Ended]) -> None:
    """The Pulumi CLI would write what it encrypts with, also where there is no file."""
    text = project.config_file.read_text(encoding="utf-8")
    without_salt = text[text.index("config:") :]
    project.config_file.write_text(without_salt, encoding="utf-8")
    assert look().code == ExitCode.OK
    assert project.config_file.read_text(encoding="utf-8") == without_salt
    project.config_file.unlink()
    gone = look()
    assert gone.code == ExitCode.ERROR
    assert "Pulumi reads stacks/Pulumi.test.yaml, which does not exist" in gone.messages
    assert not project.config_file.exists()
