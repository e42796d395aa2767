"""``realtimekit doctor`` with the real Pulumi CLI, over a state that the engine has written."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.cli.checks.evidence.passphrase import prove_passphrase
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.file_config import read_stack_file
from realtimekit_provider.cli.stack_files.project import find_project
from tests.cli.command_line import run_command
from tests.polling import wait_until
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine


def read_files(folder: Path) -> dict[Path, bytes]:
    """Return the content of each file that a command could change."""
    return dict(_read(folder / "state")) | dict(_read(folder / "stacks"))


def _read(folder: Path) -> Iterator[tuple[Path, bytes]]:
    return ((one, one.read_bytes()) for one in folder.rglob("*") if one.is_file())


@pytest.fixture
def doctor(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[], dict[str, str]]:
    """Examines the project; returns each check's outcome, and the exit code as ``code``."""
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)

    def examine() -> dict[str, str]:
        ended = run_command(capsys, "doctor", "--json", "--cwd", project.folder)
        found = {one["id"]: one["outcome"] for one in ended.document["checks"]}
        assert project.emulator.token not in ended.output + ended.messages
        return {**found, "code": str(ended.code)}

    return examine


def test_a_deployed_project_is_examined_and_left_unchanged(
    project: Project,
    control: Control,
    doctor: Callable[[], dict[str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Well at first; then its passphrase is wrong, a recording is lost, a deployment is killed."""
    meeting = control.create_meeting(participants=1).id
    project.configure(standup={"meeting_id": meeting, "layers": {"default": {}}})
    project.encrypt(**{"cloudflare:apiToken": project.emulator.token})
    project.up()
    monkeypatch.delenv("CLOUDFLARE_API_TOKEN")
    before = read_files(project.folder)
    last = max(one.number for one in control.requests())

    well = doctor()
    assert {name for name, outcome in well.items() if outcome != "ok"} == {
        "write-right",
        "storage-write",
        "code",
    }
    assert well["code"] == str(int(ExitCode.OK))

    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "another one")
    locked_out = doctor()
    assert [name for name, outcome in locked_out.items() if outcome == "fail"] == ["secrets"]
    assert locked_out["token"] == "skipped"
    salt = read_stack_file(project.config_file, find_project(project.folder)).encryption_salt
    with pytest.raises(CommandError, match="incorrect passphrase"):
        prove_passphrase(PulumiCli(project.folder), project.stack, str(salt))

    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", project.environment["PULUMI_CONFIG_PASSPHRASE"])
    control.force(project.read_recordings()["standup"]["id"], "ERRORED")
    assert [name for name, outcome in doctor().items() if outcome == "fail"] == ["lost-files"]

    assert {one.method for one in control.requests(after=last)} == {"GET"}
    assert read_files(project.folder) == before

    project.write_program("import time; time.sleep(60)")
    with project.start_up() as deployment:
        locks = project.folder / "state" / ".pulumi" / "locks"
        wait_until(lambda: any(locks.rglob("*.json")))
        assert doctor()["lock"] == "warn"
        os.killpg(deployment.pid, signal.SIGKILL)
    assert doctor()["lock"] == "fail"
