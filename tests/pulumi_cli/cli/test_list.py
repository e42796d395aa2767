"""``realtimekit list`` over states that the engine has just written."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import run_command
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine


def test_the_states_of_two_stacks_tell_whose_recordings_are(
    project: Project,
    control: Control,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With the token decrypted by the CLI, and the orphan taken over by the deployment it names."""
    rooms = {name: control.create_meeting(participants=1).id for name in ("a", "b", "c", "d")}
    declared = {name: {"meeting_id": rooms[name], "layers": {"default": {}}} for name in "abc"}
    project.configure(**declared)
    project.encrypt(**{"cloudflare:apiToken": project.emulator.token})
    project.up()
    states = project.read_recordings()
    other = project.add_stack("other")
    other.configure(taken={**declared["b"], "adopt_recording_id": states["b"]["id"]})
    other.up()
    project.run("state", "delete", states["a"]["urn"], "--yes")
    unmanaged = control.start_recording(rooms["d"])
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    control.advance(600)
    ended = run_command(capsys, "list", "--json", "--expect-clean", "--cwd", project.folder)
    assert ended.code == ExitCode.CHANGES, ended.messages
    assert {
        row["id"]: (row["class"], [f"{one['stack']}/{one['name']}" for one in row["owners"]])
        for row in ended.document["recordings"]
    } == {
        states["a"]["id"]: ("orphan", []),
        states["b"]["id"]: ("doubled", ["other/taken", "test/b"]),
        states["c"]["id"]: ("managed", ["test/c"]),
        unmanaged: ("unmanaged", []),
    }
    assert ended.document["backend"]["url"] == project.environment["PULUMI_BACKEND_URL"]
    (orphan,) = [row for row in ended.document["recordings"] if row["class"] == "orphan"]
    assert orphan["started_for"] == {"stack": "test", "name": "a"}
    assert "Run 'pulumi up --stack test', which takes it over" in orphan["reason"]
    project.up()
    assert project.read_recordings()["a"]["id"] == states["a"]["id"]
