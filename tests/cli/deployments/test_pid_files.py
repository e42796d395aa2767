"""The files that say which deployment of this machine has a lock, as far as they are proof."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from realtimekit_provider.cli.deployments.locks import CliRun
from realtimekit_provider.cli.deployments.pid_files import (
    PidFile,
    hold_ended_runs,
    identify_stack,
    open_pid_file,
)
from realtimekit_provider.cli.stack_files.project import Project

RUN = CliRun("ci-7", 4711, 1.0, 2.0)
MODULE = "realtimekit_provider.cli.deployments.pid_files"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    return tmp_path / "realtimekit" / "deployments"


def list_ended_runs(stack_key: str = "key") -> list[CliRun]:
    with hold_ended_runs(stack_key) as runs:
        return runs


def leave_file(folder: Path, stack_key: str = "key") -> Path:
    """Leave the file of a run as one that is killed does."""
    with open_pid_file(stack_key, pytest.fail) as file:
        file.write(RUN)
        (path,) = folder.glob(f"{stack_key}.*")
        content = path.read_bytes()
    path.write_bytes(content)
    return path


def test_a_run_has_ended_with_the_last_of_its_processes(folder: Path) -> None:
    """The kernel says so, whatever has happened to the process that began it."""
    with open_pid_file("key", pytest.fail) as file:
        file.write(RUN)
        child = subprocess.Popen(["sleep", "60"], pass_fds=file.descriptors)
        (path,) = folder.iterdir()
        kept = path.with_name("key.kept")
        kept.hardlink_to(path)
        assert list_ended_runs() == []
    kept.rename(path)
    with child:
        assert list_ended_runs() == []
        child.kill()
    assert list_ended_runs() == [RUN]


def test_a_run_that_ended_leaves_no_file(folder: Path) -> None:
    """Only a killed one does, until a later one of the same stack has the lock."""
    older, other = leave_file(folder), leave_file(folder, "other")
    with open_pid_file("key", pytest.fail) as file:
        assert older.exists()
        file.write(RUN)
        assert not older.exists()
    assert list(folder.iterdir()) == [other]


def test_only_the_user_can_read_and_write_the_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others could have a lock removed by writing one."""
    path = leave_file(folder)
    with open_pid_file("key", pytest.fail):
        modes = {one.stat().st_mode & 0o777 for one in folder.iterdir() if one != path}
        assert (folder.stat().st_mode & 0o777, modes) == (0o700, {0o600})
    assert list_ended_runs() == [RUN]
    folder.chmod(0o770)
    assert list_ended_runs() == []
    folder.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert list_ended_runs() == []


def test_an_ended_run_is_held_by_one_process(folder: Path) -> None:
    """Two that both remove its lock could remove the next one's."""
    leave_file(folder)
    with hold_ended_runs("key") as runs:
        assert (runs, list_ended_runs()) == ([RUN], [])
    assert list_ended_runs() == [RUN]


def test_a_run_of_another_kernel_is_not_known_to_have_ended(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The folder may be shared by machines, and their kernels need not see each other's locks."""
    leave_file(folder)
    assert list_ended_runs() == [RUN]
    (tmp_path / "boot_id").write_text("another one")
    monkeypatch.setattr(f"{MODULE}._BOOT_ID", tmp_path / "boot_id")
    assert list_ended_runs() == []


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", json.dumps({"boot_id": "", "host": "x"})])
def test_an_odd_file_says_nothing(folder: Path, text: str) -> None:
    """Such as that of a run that was killed before it had the lock."""
    leave_file(folder).write_text(text)
    assert list_ended_runs() == []


def test_a_run_has_no_file_where_nobody_has_a_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person is messages, and the deployment goes on."""

    def find_home() -> Path:
        raise RuntimeError

    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setattr(Path, "home", find_home)
    messages: list[str] = []
    with open_pid_file("key", messages.append) as file:
        file.write(RUN)
        assert file.descriptors == ()
    assert ["(there is no home folder)" in one for one in messages] == [True]
    assert list_ended_runs() == []


def test_a_deployment_goes_on_where_the_disk_is_full() -> None:
    """It would be killed in the middle otherwise, for the sake of its next one."""
    messages: list[str] = []
    with Path("/dev/full").open("rb+", buffering=0) as full:
        PidFile(Path("key.1.json"), full.fileno(), messages.append).write(RUN)
    assert ["(No space left on device)" in one for one in messages] == [True]


def test_a_stack_has_a_key_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same name elsewhere is another stack, with another lock."""
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path))
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    project = Project("acme", Path("/srv/Pulumi.yaml"), Path("/srv"))
    keys = [identify_stack(project, "prod"), identify_stack(project, "organization/acme/prod")]
    assert keys[0] == keys.pop()
    keys.append(identify_stack(project, "test"))
    others = (
        Project("other", project.file, project.config_folder),
        Project("acme", Path("/opt/Pulumi.yaml"), project.config_folder),
        Project("acme", project.file, project.config_folder, backend_url="s3://states"),
    )
    keys += [identify_stack(other, "prod") for other in others]
    monkeypatch.setenv("PULUMI_BACKEND_URL", "s3://states")
    keys.append(identify_stack(project, "prod"))
    (tmp_path / "credentials.json").write_text('{"current": "s3://states"}')
    keys.append(identify_stack(project, "prod"))
    assert len(set(keys)) == len(keys)
