"""What a deployed program prints is no command to GitHub Actions, however the deployment ends."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.deployments.fake_deployment import FakeProject
from tests.pipelines.actions_runner.workflow_commands import find_commands

HOSTILE = "::error::a\n \t::add-mask::e\nb ##[error]c\n::stop-commands::d\n::debug::no end"
OURS = "::notice::ours"


def create_project(folder: Path, behavior: str) -> FakeProject:
    """Return a project of a job, whose CLI prints commands to both streams."""
    environment = {"FAKE_OUTPUT": HOSTILE, "FAKE_BEHAVIOR": behavior, "GITHUB_ACTIONS": "true"}
    return FakeProject(folder, environment)


@pytest.mark.parametrize("behavior", ["quick", "polite", "stubborn", "early"])
def test_a_program_gives_no_command(behavior: str, tmp_path: Path) -> None:
    """Of what the rest of the step prints the runner finds each: the deployment has ended."""
    project = create_project(tmp_path, behavior)
    with project.start_up() as running:
        if behavior != "quick":
            project.wait_until_locked()
            running.send(signal.SIGINT)
        running.wait()
    assert "no end" in running.output
    assert "no end" in running.messages
    assert list(find_commands(running.messages.splitlines())) == []
    output = [*running.output.splitlines(), OURS]
    assert list(find_commands(output)) == [("notice", "ours")]


def test_commands_stay_stopped_where_the_deployment_is_killed(tmp_path: Path) -> None:
    """The CLI may still run, and print."""
    project = create_project(tmp_path, "stubborn")
    with project.start_up() as running:
        project.wait_until_locked()
        running.process.kill()
        project.kill_processes()
        running.wait()
    assert list(find_commands([*running.output.splitlines(), OURS])) == []


def test_a_program_does_not_know_the_word_that_lets_commands_begin_again(tmp_path: Path) -> None:
    """It is another one each time, and in no environment and no argument of any process."""
    project = create_project(tmp_path, "polite")
    words = set()
    for _ in range(2):
        with project.start_up() as running:
            project.wait_until_locked()
            seen = b"".join(
                Path("/proc", str(one), name).read_bytes()
                for one in project.list_processes()
                for name in ("environ", "cmdline")
            )
            running.send(signal.SIGINT)
            running.wait()
        word = running.output.partition("::stop-commands::")[2].partition("\n")[0]
        assert len(word) == 32
        assert word.encode() not in seen
        words.add(word)
    assert len(words) == 2


def test_outside_of_github_the_output_is_passed_on_unchanged(tmp_path: Path) -> None:
    """Byte by byte."""
    project = create_project(tmp_path, "quick")
    project.environment["GITHUB_ACTIONS"] = ""
    with project.start_up() as running:
        assert running.wait() == ExitCode.OK
    assert (running.output, running.messages) == (f"Updating (test):\n{HOSTILE}", HOSTILE)
