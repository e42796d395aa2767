"""A deployment that is stopped leaves no lock and no process, however the CLI takes it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from realtimekit_provider.cli.deployments.result import DeploymentResult
from realtimekit_provider.cli.deployments.stages import Stage
from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.deployments.fake_deployment import FakeProject

LAST_WORDS = {
    "polite": ("cancelling", "cancelled: deploy again"),
    "waiting": ("cancelling", "stopping at once"),
    "stubborn": (
        "stopping at once",
        "is killed, as a last step",
        "had left its lock: it is removed",
    ),
    "early": ("cancelling", "had left its lock: it is removed"),
}
"""What is told, by how the CLI takes signals."""


@pytest.mark.parametrize("behavior", LAST_WORDS)
def test_a_cancelled_deployment_leaves_no_lock_and_no_process(
    behavior: str, tmp_path: Path
) -> None:
    """INT and TERM end it, also where the CLI dies with its lock, or does not end."""
    project = FakeProject(tmp_path, {"FAKE_BEHAVIOR": behavior})
    with project.start_up() as running:
        project.wait_until_locked()
        running.send(signal.SIGINT)
        if behavior in {"waiting", "stubborn"}:
            running.send(signal.SIGTERM)
        assert running.wait() == ExitCode.CANCELLED
    assert [text for text in LAST_WORDS[behavior] if text not in running.messages] == []
    assert list(project.locks.iterdir()) == []
    assert project.list_processes() == []


def test_a_deployment_is_stopped_when_its_time_is_over(tmp_path: Path) -> None:
    """The soft timeout ends it with 9, and says how long what runs may take."""
    project = FakeProject(tmp_path, {"FAKE_BEHAVIOR": "polite"})
    code, messages = project.run_up("--soft-timeout", "1s")
    assert code == ExitCode.TIMEOUT
    assert (
        "the soft timeout is over: no other operation is started, and those that run have 2 min"
        in messages
    )
    assert list(project.locks.iterdir()) == []


def test_a_signal_shortens_the_grace_of_the_soft_timeout(tmp_path: Path) -> None:
    """Whoever cancels during the two minutes need not wait for them."""
    project = FakeProject(tmp_path, {"FAKE_BEHAVIOR": "waiting"})
    with project.start_up("--soft-timeout", "1s") as running:
        project.wait_until_locked()
        line = running.process.stderr
        assert line is not None
        assert "soft timeout" in line.readline()
        running.send(signal.SIGINT)
        assert running.wait() == ExitCode.TIMEOUT
    assert project.list_processes() == []


def test_an_ended_deployment_leaves_no_process(tmp_path: Path) -> None:
    """The exit code is the CLI's own; what creates a missing stack is told."""
    project = FakeProject(tmp_path, {"FAKE_EXIT_CODE": "6"})
    code, messages = project.run_up()
    assert code == ExitCode.NO_STACK
    assert "create its state: pulumi stack init test\n" in messages
    assert project.list_processes() == []


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (DeploymentResult(0), ExitCode.OK),
        (DeploymentResult(0, Stage.CANCELLING), ExitCode.OK),
        (DeploymentResult(3), ExitCode.AUTHENTICATION),
        (DeploymentResult(-9), ExitCode.ERROR),
        (DeploymentResult(42), ExitCode.ERROR),
        (DeploymentResult(1, Stage.CANCELLING), ExitCode.CANCELLED),
        (DeploymentResult(-2, Stage.KILLED), ExitCode.CANCELLED),
        (DeploymentResult(8, Stage.TERMINATING, was_late=True), ExitCode.TIMEOUT),
    ],
)
def test_the_exit_code_says_how_it_ended(result: DeploymentResult, code: ExitCode) -> None:
    """A deployment that was complete before it was stopped is one that succeeded."""
    assert result.code is code
