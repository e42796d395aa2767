"""``realtimekit check``: every mistake of every stack's file, at its line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import run_command, write_project
from tests.example_values import ACCOUNT, APP, CANARY

GOOD = f"""\
config:
  realtimekit:accountId: {ACCOUNT}
  realtimekit:appId: {APP}
  cloudflare:apiToken:
    secure: v1:AAAA:BBBB
  realtimekit:storageSecret:
    secure: v1:CCCC:DDDD
  realtimekit:storage:
    team:
      type: digitalocean
      bucket: acme-team
      region: FRA1
      access_key: {{fromConfig: storageSecret}}
      secret: {{fromConfig: storageSecret}}
      existing: true
  realtimekit:recordings:
    standup:
      meeting_id: {ACCOUNT}
      layers: {{default: {{}}}}
"""


def test_a_good_file_needs_neither_token_nor_passphrase(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is encrypted is taken as given."""
    monkeypatch.setenv("PATH", "")
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, prod=GOOD))
    assert (ended.code, ended.output) == (ExitCode.OK, "")
    assert ended.messages == "1 file checked: no mistakes\n"


BAD = {
    "a field": (GOOD.replace("bucket:", "bukcet:"), 11, "did you mean bucket?"),
    "a value": (GOOD.replace("FRA1", "fra one"), 12, "realtimekit:storage.team.region"),
    "a credential in clear": (
        GOOD.replace("secret: {fromConfig: storageSecret}", f"secret: {CANARY}"),
        14,
        "is a credential in plain text",
    ),
    "a reference to nothing": (
        GOOD.replace("secret: {fromConfig: storageSecret}", "secret: {fromConfig: other}"),
        14,
        "is taken from realtimekit:other, which is not set",
    ),
    "an encrypted section": (
        GOOD.replace(f"meeting_id: {ACCOUNT}", "meeting_id: {secure: v1:E:F}"),
        16,
        "contains an encrypted value",
    ),
    "a setting": (GOOD.replace("realtimekit:appId", "realtimekit:apId"), 3, "is not a setting"),
    "a number for an id": (
        GOOD.replace(f"meeting_id: {ACCOUNT}", "meeting_id: 12e4"),
        18,
        "is the number 120000: quote it",
    ),
    "a key twice": (GOOD + "  realtimekit:recordings: {}\n", 20, "names a key twice"),
    "no section": ("config: {}\n", 1, "declares nothing"),
    "too much": (GOOD + "#" * (2 << 20), 1, "split the stack"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_is_reported_at_its_line(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit code 2, and no credential in what is said."""
    text, line, reason = BAD[case]
    folder = write_project(tmp_path, good=GOOD, prod=text)
    ended = run_command(capsys, "check", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    (message,) = [
        one
        for one in ended.output.splitlines()
        if one.startswith("stacks/Pulumi.prod.") and "note" not in one
    ]
    assert message.startswith(f"stacks/Pulumi.prod.yaml:{line}: ")
    assert reason in message
    assert CANARY not in ended.output + ended.messages
    assert ended.messages == "2 files checked: 1 mistake in 1 of them\n"


def test_programs_get_one_document(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With each mistake's path, reason and line."""
    folder = write_project(tmp_path, prod=BAD["a field"][0])
    ended = run_command(capsys, "check", "prod", "--json", "--cwd", folder)
    assert ended.code == ExitCode.CONFIGURATION
    assert ended.document["schema_version"] == 1
    (stack,) = ended.document["stacks"]
    (mistake,) = stack["mistakes"]
    assert (stack["stack"], mistake["path"], mistake["line"]) == (
        "prod",
        "realtimekit:storage.team.bukcet",
        11,
    )


def test_a_meeting_of_two_stacks_is_noted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The API would record it once, for the first that is deployed."""
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, a=GOOD, b=GOOD))
    assert ended.code == ExitCode.OK
    assert "'standup' of stack b" in ended.output
    assert "'standup' of stack a" in ended.output


def test_an_annotation_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A text of several lines would end it, and the next line could be a command."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    folder = write_project(tmp_path, prod="config: {}\n")
    ended = run_command(capsys, "check", "--cwd", folder)
    (annotation,) = [one for one in ended.output.splitlines() if one.startswith("::")]
    assert annotation.startswith("::error file=stacks/Pulumi.prod.yaml,line=1::")
    assert "%0A" in annotation


@pytest.mark.parametrize("name", ["$(curl x)", "a b", "x" * 101])
def test_a_name_that_no_stack_can_have_is_refused(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pulumi's own pattern, before any shell or matrix sees it."""
    folder = write_project(tmp_path, **{name: GOOD})
    assert run_command(capsys, "check", "--cwd", folder).code == ExitCode.CONFIGURATION
    assert run_command(capsys, "ci", "stacks", "--cwd", folder).code == ExitCode.CONFIGURATION


def test_a_stack_without_a_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With those that have one."""
    ended = run_command(capsys, "check", "pord", "--cwd", write_project(tmp_path, prod=GOOD))
    assert ended.code == ExitCode.NO_STACK
    assert "(there: prod)" in ended.messages


def test_a_folder_that_is_not_there_is_no_folder_of_the_project(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped one would otherwise be that of the project above it."""
    ended = run_command(capsys, "check", "--cwd", write_project(tmp_path, a=GOOD) / "typo")
    assert ended.code == ExitCode.CONFIGURATION
    assert "there is no folder" in ended.messages


def test_a_file_whose_name_is_no_text_is_reported(tmp_path: Path) -> None:
    """Also where the output must be UTF-8."""
    folder = write_project(tmp_path, a=GOOD)
    (folder / "stacks" / "Pulumi.\udcff.yaml").write_text(GOOD)
    done = subprocess.run(
        [sys.executable, "-c", "from realtimekit_provider.cli.entry import run; run()", "check"],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.CONFIGURATION
    assert "is not the name of a stack" in done.stdout
