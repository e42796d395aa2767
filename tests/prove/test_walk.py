"""The walk of the documentation, from an empty repository to a recording that runs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pipelines.actions_runner.event import Event
from tests.pipelines.actions_runner.jobs import Action, Job
from tests.pipelines.actions_runner.workflows import Environment, WorkflowRunner
from tests.pipelines.aws_account import Account
from tests.pipelines.pipeline import check_out, run_workflows
from tests.pipelines.project_repository import ProjectRepository, PullRequest, run_git
from tests.pulumi_cli.support.environment import ROOT
from tests.scenarios.steps import EmulatedApi
from tools.test_servers.github import Account as GitHubAccount
from tools.test_servers.github import FakeGitHub, running_github
from tools.test_servers.moto_server import running_moto

pytestmark = pytest.mark.engine

PAGE = ROOT / "docs" / "pipelines.md"
USER = {"GIT_AUTHOR_NAME": "a", "GIT_COMMITTER_NAME": "a", "EMAIL": "a@example.com"}
_KEPT = ("HOME", "LANG", "PIP_", "SSL_", "REQUESTS_", "TMPDIR")


def read_walk() -> str:
    """Return the commands of the walk, as a script."""
    walk = PAGE.read_text(encoding="utf-8").partition("\n## From an empty repository")[2]
    blocks = re.findall(r"```console\n(.*?)```", walk.partition("\n## ")[0], re.DOTALL)
    assert len(blocks) == 3
    lines = [line.removeprefix("$ ") for block in blocks for line in block.splitlines()]
    return "set -euo pipefail\n" + "\n".join(lines)


def build_environment(emulator: EmulatorServer, folder: Path) -> dict[str, str]:
    """Return the environment of a machine that has Python and the Pulumi CLI."""
    kept = {name: value for name, value in os.environ.items() if name.startswith(_KEPT)}
    return {
        **kept,
        **USER,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PULUMI_SKIP_UPDATE_CHECK": "1",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(folder / "home"),
        "CLOUDFLARE_BASE_URL": emulator.base_url,
    }


class Walk:
    """The machine of the person who walks, GitHub and AWS."""

    def __init__(
        self, folder: Path, emulator: EmulatorServer, account: Account, github: FakeGitHub
    ) -> None:
        self._folder = folder
        self._emulator = emulator
        self._account = account
        self._github = github
        self.bare = folder / "repository.git"
        run_git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(self.bare))
        (folder / "realtimekit").symlink_to(ROOT, target_is_directory=True)
        (folder / "here").mkdir()

    def play(self, meeting_id: str) -> None:
        """Type the commands of the page, with what its capitals stand for."""
        environment = build_environment(self._emulator, self._folder)
        deployer = self._account.log_in("deploy")
        values = {
            "git@github.com:OWNER/REPOSITORY.git": str(self.bare),
            "s3://STATE_BUCKET": f"'{deployer['PULUMI_BACKEND_URL']}'",
            "alias/recordings?region=REGION": f"{self._account.key_id}?region=us-east-1",
            "ACCOUNT_ID": self._emulator.account_id,
            "APP_ID": self._emulator.app_id,
            "MEETING_ID": meeting_id,
        }
        script = read_walk()
        for name, value in values.items():
            assert name in script
            script = script.replace(name, value)
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self._folder,
            env={**environment, **deployer},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def create_runner(self) -> WorkflowRunner:
        """Return what runs the workflows, with the settings that the page names."""
        base = build_environment(self._emulator, self._folder)
        base["AWS_ENDPOINT_URL"] = self._account.server.url
        secrets = {"CLOUDFLARE_API_TOKEN": self._emulator.token}
        return WorkflowRunner(
            self._folder,
            self._github,
            base,
            self._list_actions(),
            variables={
                "AWS_REGION": "us-east-1",
                "PULUMI_BACKEND_URL": self._account.log_in("deploy")["PULUMI_BACKEND_URL"],
                **{f"AWS_{role.upper()}_ROLE": role for role in ("preview", "drift", "deploy")},
            },
            environments={"prod": Environment(secrets)},
        )

    def _list_actions(self) -> Mapping[str, Action]:
        return {
            "actions/checkout": partial(check_out, self.bare),
            "actions/setup-python": do_nothing,
            "pulumi/actions": do_nothing,
            "aws-actions/configure-aws-credentials": self._assume_role,
        }

    def _assume_role(self, job: Job, given: Mapping[str, str]) -> None:
        assert given["aws-region"] == "us-east-1"
        environment = self._account.log_in(given["role-to-assume"])
        del environment["PULUMI_BACKEND_URL"]
        job.environment |= environment


def do_nothing(_job: Job, _given: Mapping[str, str]) -> None:
    """Stand for an action that installs what this machine has."""


@pytest.fixture
def walk(tmp_path: Path, emulator: EmulatorServer) -> Iterator[Walk]:
    """An empty repository."""
    with running_moto() as server, running_github() as github:
        yield Walk(tmp_path, emulator, Account(server), github)


def test_the_walk_leads_to_a_recording(
    walk: Walk, emulated_api: EmulatedApi, tmp_path: Path
) -> None:
    """The pages' commands, the workflows as they are copied, and the roles as they are written."""
    walk.play(emulated_api.meeting_id)
    runner, workflows = walk.create_runner(), tmp_path / "workflows"
    first_push = Event(
        "push", run_git(walk.bare, "rev-parse", "main"), payload={"before": "0" * 40}
    )
    jobs = run_workflows(runner, walk.bare, first_push, workflows)
    assert [(name, job.conclusion) for name, job in jobs.items()] == [
        ("stacks", "success"),
        ("deploy", "skipped"),
    ], jobs["stacks"].log
    run_git(tmp_path, "clone", "--quiet", str(walk.bare), str(tmp_path / "reviewer"))
    repository = ProjectRepository(walk.bare, tmp_path / "reviewer", walk._github)
    issue = walk._github.open_pull_request(GitHubAccount("anna", 7))
    request = PullRequest(issue.number, "standup")
    jobs = run_workflows(runner, walk.bare, repository.describe(request), workflows)
    assert [job.conclusion for job in jobs.values()] == ["success", "success"], jobs
    (comment,) = issue.comments
    assert "standup" in comment.body
    jobs = run_workflows(runner, walk.bare, repository.merge(request), workflows)
    assert jobs["deploy prod"].conclusion == "success", jobs
    assert emulated_api.live_count == 1
