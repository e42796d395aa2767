"""What has the name of a stack's file, and cannot be read as one."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import run_command, write_project

TEXT = "config:\n  realtimekit:recordings: {}\n"


def link_out(path: Path) -> None:
    """Link to a good file beside the repository."""
    target = path.parents[2] / "elsewhere.yaml"
    target.write_text(TEXT, encoding="utf-8")
    path.symlink_to(target)


UNREADABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "a folder": (Path.mkdir, "is a folder, and Pulumi reads"),
    "a pipe": (os.mkfifo, "is no file, and Pulumi reads"),
    "a link to nothing": (lambda path: path.symlink_to("gone"), "a file that does not exist"),
    "a link to itself": (lambda path: path.symlink_to(path.name), "a file that does not exist"),
    "a link out of the repository": (link_out, "is a symbolic link to what is outside"),
    "no UTF-8": (lambda path: path.write_bytes(b"\xff"), "is not encoded as UTF-8"),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_a_file_that_cannot_be_read_is_a_mistake(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its stack has no config, and the others are read."""
    create, reason = UNREADABLE[case]
    folder = write_project(tmp_path / "project", prod=TEXT)
    create(folder / "stacks" / "Pulumi.dev.yaml")
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    assert ended.output.startswith("stacks/Pulumi.dev.yaml:1: ")
    assert reason in ended.output
    assert ended.messages == "2 files checked: 1 mistake in 1 of them\n"


def test_a_file_that_this_user_may_not_read_is_a_mistake(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Root may read every file, so the refusal is made here."""
    folder = write_project(tmp_path, prod=TEXT)
    refused = PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    read = Path.read_text

    def read_or_refuse(path: Path, *args: Any, **options: Any) -> str:
        if path.name == "Pulumi.prod.yaml":
            raise refused
        return read(path, *args, **options)

    monkeypatch.setattr(Path, "read_text", read_or_refuse)
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    assert ended.output == "stacks/Pulumi.prod.yaml:1: cannot be read: Permission denied\n"


def test_a_link_to_a_file_of_the_repository_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pulumi follows it, and a review sees what it leads to."""
    (tmp_path / ".git").mkdir()
    folder = write_project(tmp_path / "project", prod=TEXT)
    file = folder / "stacks" / "Pulumi.prod.yaml"
    file.rename(tmp_path / "shared.yaml")
    file.symlink_to("../../shared.yaml")
    assert run_command(capsys, "check", "--cwd", folder).code == ExitCode.OK
