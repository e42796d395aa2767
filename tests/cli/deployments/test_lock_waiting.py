"""Another deployment's lock: waited for, never removed, unless its process is known to be dead."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from realtimekit_provider.cli.deployments.deploy import deploy
from realtimekit_provider.cli.deployments.options import DeploymentOptions
from realtimekit_provider.cli.deployments.result import DeploymentResult
from realtimekit_provider.cli.deployments.stages import Stage
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from tests.cli.deployments.fake_deployment import FakeProject

DEPLOY = "realtimekit_provider.cli.deployments.deploy"


@pytest.fixture
def dead_process() -> int:
    """The id of a process that has ended."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid


def test_a_locked_stack_is_an_error_with_advice(tmp_path: Path) -> None:
    """Without the option nobody waits, and even a stale lock stays."""
    project = FakeProject(tmp_path)
    lock = project.add_lock(4711, "ci-7")
    code, messages = project.run_up()
    assert code == ExitCode.ERROR
    assert "stack 'test' is locked by alice@ci-7, process 4711, since 2026-01-02T03:04:05Z" in (
        messages
    )
    assert "pulumi cancel --yes --stack test" in messages
    assert lock.exists()


def test_a_stale_lock_stays_without_the_option_that_removes_it(
    tmp_path: Path, dead_process: int
) -> None:
    """The error names the option, and no command that would remove other locks too."""
    project = FakeProject(tmp_path)
    lock = project.add_lock(dead_process)
    code, messages = project.run_up()
    assert code == ExitCode.ERROR
    assert "run it again with --wait-for-lock 1m, which removes what was left" in messages
    assert "pulumi cancel" not in messages
    assert lock.exists()


@pytest.mark.parametrize("host", ["", "ci-7"])
def test_a_live_lock_is_waited_for_and_stays(host: str, tmp_path: Path) -> None:
    """Of this machine, whose process runs, and of another one."""
    project = FakeProject(tmp_path)
    lock = project.add_lock(os.getpid(), host)
    code, messages = project.run_up("--wait-for-lock", "1s")
    assert code == ExitCode.TIMEOUT
    assert "0 s of 1 s: stack 'test' is locked by alice@" in messages
    assert "is still locked after" in messages
    assert lock.exists()


def test_a_deployment_begins_when_the_other_one_has_ended(tmp_path: Path) -> None:
    """The lock is waited for, and then taken."""
    project = FakeProject(tmp_path)
    lock = project.add_lock(4711, "ci-7")
    with project.start_up("--wait-for-lock", "1m") as running:
        assert running.process.stderr is not None
        assert "is locked by" in running.process.stderr.readline()
        lock.unlink()
        assert running.wait() == ExitCode.OK
    assert running.output == "Updating (test):\n"


def test_the_lock_of_a_dead_process_is_removed_from_a_folder(
    tmp_path: Path, dead_process: int
) -> None:
    """The folder is on this machine, as the process of a ``pulumi up`` by hand was."""
    project = FakeProject(tmp_path)
    lock = project.add_lock(dead_process)
    assert project.run_up("--wait-for-lock", "1m")[0] == ExitCode.OK
    assert not lock.exists()


def test_a_lock_that_was_removed_is_waited_for_no_more(tmp_path: Path, dead_process: int) -> None:
    """What is left to wait for is the other one."""
    project = FakeProject(tmp_path)
    dead, alive = project.add_lock(dead_process), project.add_lock(os.getpid())
    code, messages = project.run_up("--wait-for-lock", "1s")
    assert (code, dead.exists(), alive.exists()) == (ExitCode.TIMEOUT, False, True)
    waiting = messages.partition(": that process was killed, and left it")[2]
    assert f"process {os.getpid()}" in waiting
    assert f"process {dead_process}" not in waiting


def test_the_lock_of_a_dead_process_stays_in_a_bucket_where_no_run_is_known(
    tmp_path: Path, dead_process: int
) -> None:
    """It may be that of another container with this one's name: the command is printed."""
    project = FakeProject(tmp_path, {"FAKE_URL": "s3://states/locks"})
    lock = project.add_lock(dead_process)
    code, messages = project.run_up("--wait-for-lock", "1s")
    assert code == ExitCode.TIMEOUT
    assert lock.exists()
    waiting, _, error = messages.partition("is still locked after")
    for text in (waiting, error):
        assert "remove its lock:\n  pulumi cancel --yes --stack test\n" in text
        assert "that of a 'realtimekit up' which was killed here" in text


@pytest.mark.parametrize("url", ["", "s3://states/locks"])
def test_the_lock_of_a_killed_deployment_of_this_machine_is_removed(
    url: str, tmp_path: Path
) -> None:
    """Its file in a folder; by ``pulumi cancel`` in a bucket."""
    project = FakeProject(tmp_path, {"FAKE_URL": url} if url else {})
    process_id = project.kill_up()
    code, messages = project.run_up("--wait-for-lock", "1m")
    assert code == ExitCode.OK, messages
    assert f"removed the lock of me@{os.uname().nodename}, process {process_id}" in messages
    assert list(project.locks.iterdir()) == []
    assert project.list_pid_files() == []


def test_a_lock_stays_while_the_cli_of_a_killed_command_runs(tmp_path: Path) -> None:
    """What was killed is the command, not what it had started."""
    project = FakeProject(tmp_path)
    project.kill_up(also_cli=False)
    assert project.run_up("--wait-for-lock", "1s")[0] == ExitCode.TIMEOUT
    project.kill_processes()
    assert project.run_up("--wait-for-lock", "1m")[0] == ExitCode.OK


@pytest.mark.parametrize("name", ["PULUMI_BACKEND_URL", "XDG_STATE_HOME"])
def test_the_lock_of_another_backend_or_machine_stays(name: str, tmp_path: Path) -> None:
    """Though host and process are the same: nothing here says whose it is."""
    project = FakeProject(tmp_path, {"FAKE_URL": "s3://states/locks"})
    project.kill_up()
    project.environment[name] = str(tmp_path / "other")
    assert project.run_up("--wait-for-lock", "1s")[0] == ExitCode.TIMEOUT


def test_a_dead_lock_in_a_bucket_stays_where_it_is_not_the_only_one(tmp_path: Path) -> None:
    """``pulumi cancel`` would remove the other one too, unless that one is dead as well."""
    project = FakeProject(tmp_path, {"FAKE_URL": "s3://states/locks"})
    process_id = project.kill_up()
    other = project.add_lock(4711, "ci-7")
    code, _ = project.run_up("--wait-for-lock", "1s")
    assert code == ExitCode.TIMEOUT
    assert len(list(project.locks.iterdir())) == 2
    (killed,) = {*project.locks.iterdir()} - {other}
    other.write_text(killed.read_text())
    refusal = project.run_up()[1]
    assert "Those processes were killed, and left the locks: run it again with" in refusal
    code, messages = project.run_up("--wait-for-lock", "1s")
    assert code == ExitCode.OK, messages
    assert messages.count(f"process {process_id}, since") == 2
    assert list(project.locks.iterdir()) == []


def test_a_deployment_runs_where_nothing_can_be_written_about_it(tmp_path: Path) -> None:
    """It says what follows, and a lock that it leaves itself is still removed."""
    project = FakeProject(tmp_path, {"FAKE_BEHAVIOR": "early"})
    project.environment["XDG_STATE_HOME"] = "/dev/null/state"
    with project.start_up() as running:
        project.wait_until_locked()
        running.send(signal.SIGINT)
        assert running.wait() == ExitCode.CANCELLED
    assert "if it is killed, the next one does not remove its lock" in running.messages
    assert list(project.locks.iterdir()) == []


def test_a_wait_for_a_lock_can_be_cancelled(tmp_path: Path) -> None:
    """Nothing has begun, so nothing is stopped."""
    project = FakeProject(tmp_path)
    project.add_lock(4711, "ci-7")
    with project.start_up("--wait-for-lock", "1m") as running:
        assert running.process.stderr is not None
        running.process.stderr.readline()
        running.send(signal.SIGTERM)
        assert running.wait() == ExitCode.CANCELLED
    assert running.messages.strip() == "realtimekit: cancelled"


def test_a_cancelled_deployment_waits_for_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal came while the CLI was about to be refused over the lock."""
    refused = DeploymentResult(1, Stage.CANCELLING, lock_error="error: the stack is locked\n")
    monkeypatch.setattr(f"{DEPLOY}.run_deployment", lambda *_args, **_options: refused)
    monkeypatch.setattr(f"{DEPLOY}.LockWaiting.wait", lambda *_args: pytest.fail("it waits"))
    options = DeploymentOptions("test", "key", lock_timeout=600.0)
    assert deploy(PulumiCli(Path()), options, print, print) == ExitCode.CANCELLED
