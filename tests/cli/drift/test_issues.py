"""``realtimekit ci drift``, with a recorded CLI and a GitHub that fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.cli.ci import drift
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.github.client import GitHubError
from realtimekit_provider.cli.github.issues import Issue
from tests.cli.changes.recorded import read_document
from tests.cli.command_line import run_command, write_project
from tests.cli.pulumi_cloud import describe_stacks
from tests.cli.report.fake_pulumi import install_fake_pulumi

CONFIG = "config:\n  realtimekit:recordings: {}\n"


def test_an_issue_that_fails_does_not_end_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told, and an error wins over what is not as declared."""
    titles: list[str] = []

    def save_issue(_client: Any, _marker: str, title: str, _text: str) -> Issue:
        titles.append(title)
        if len(titles) == 1:
            raise GitHubError("GitHub cannot be reached")
        return Issue(1, "https://github.test/1", title, "")

    monkeypatch.setattr(drift, "save_issue", save_issue)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/recordings")
    monkeypatch.setenv("GITHUB_TOKEN", "token")
    project = write_project(tmp_path / "project", a=CONFIG, b=CONFIG)
    install_fake_pulumi(tmp_path, monkeypatch, dict.fromkeys("ab", read_document("mixed")))
    ended = run_command(capsys, "ci", "drift", "--issue", "--cwd", project)
    assert ended.code == ExitCode.ERROR
    assert len(titles) == 2
    assert "a: its issue is not written: GitHub cannot be reached" in ended.messages
    assert "b: issue https://github.test/1" in ended.messages


def test_a_project_without_a_stack_file_is_no_clean_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A wrong ``stackConfigDir`` would be green every morning."""
    project = write_project(tmp_path)
    ended = run_command(capsys, "ci", "drift", "--no-issue", "--cwd", project)
    assert (ended.code, ended.output) == (ExitCode.NO_STACK, "")
    assert "there is no stack's file in stacks: write stacks/Pulumi.NAME.yaml" in ended.messages


def test_the_advice_for_a_stack_without_a_state_creates_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the exit code for that; the other stacks are compared."""
    project = write_project(tmp_path / "project", a=CONFIG, b=CONFIG)
    documents = {"a": read_document("failed-stack"), "b": read_document("nothing")}
    install_fake_pulumi(tmp_path, monkeypatch, documents)
    ended = run_command(capsys, "ci", "drift", "--no-issue", "--cwd", project)
    assert (ended.code, ended.output) == (ExitCode.NO_STACK, "b: as declared\n")
    assert "if it is new, create its state: pulumi stack init a\n" in ended.messages


FORMS = {
    "acme-corp": (("prod", "acme-corp/prod", "acme-corp/acme/prod"), ("ada/prod",)),
    "ada": (("acme-corp/prod", "acme-corp/acme/prod"), ("prod", "ada/acme/prod")),
}
"""The names of two stacks, by the default organization of who runs the command."""


@pytest.mark.parametrize("default", FORMS)
def test_a_stack_has_one_issue_however_it_is_named(
    default: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever runs it; the stack of another organization with the same name has its own."""
    forms, others = FORMS[default]
    issues: list[tuple[str, str]] = []

    def save_issue(_client: Any, marker: str, title: str, _text: str) -> Issue:
        issues.append((marker, title))
        return Issue(1, "https://github.test/1", title, "")

    monkeypatch.setattr(drift, "save_issue", save_issue)
    monkeypatch.setenv("GITHUB_REPOSITORY", "acme/recordings")
    monkeypatch.setenv("GITHUB_TOKEN", "token")
    project = write_project(tmp_path / "project", prod=CONFIG)
    stacks = describe_stacks(default, "acme-corp/acme/prod", "ada/acme/prod")
    documents = dict.fromkeys((*forms, *others), read_document("mixed"))
    install_fake_pulumi(tmp_path, monkeypatch, documents, stacks)
    for name in (*forms, *others):
        ended = run_command(capsys, "ci", "drift", "--issue", "--stack", name, "--cwd", project)
        assert ended.code == ExitCode.CHANGES, ended.messages
    first, *_, last = issues
    assert issues == [*[first] * len(forms), *[last] * len(others)]
    assert first[0] != last[0]
    assert (" acme-corp/prod " in first[1], " ada/prod " in last[1]) == (True, True), issues
