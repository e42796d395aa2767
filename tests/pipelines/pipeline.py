"""The pipeline of a project: its repository, GitHub, the runner of its workflows, and the API."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from tests.pipelines.actions_runner.event import Event
from tests.pipelines.actions_runner.jobs import Action, Job, JobResult
from tests.pipelines.actions_runner.workflows import Environment, WorkflowRunner
from tests.pipelines.checkout import copy_templates
from tests.pipelines.project_repository import ProjectRepository, run_git
from tests.pulumi_cli.support.environment import ROOT
from tests.pulumi_cli.support.project import Project
from tools.test_servers.github import FakeGitHub

__all__ = ["Pipeline", "check_out", "run_workflows"]

_FROM_BACKEND = ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE")
_FROM_WORKFLOW = ("CLOUDFLARE_API_TOKEN", "PULUMI_STACK")


def check_out(bare: Path, job: Job, given: Mapping[str, str]) -> None:
    """Do what ``actions/checkout`` does with a repository."""
    assert given["persist-credentials"] == "False"
    commit = given.get("ref") or job.contexts["github"]["sha"]
    depth = [] if given.get("fetch-depth") == "0" else ["--depth=1"]
    branches = [] if depth else ["+refs/heads/*:refs/remotes/origin/*"]
    job.run_command(["git", "init", "--quiet"])
    job.run_command(["git", "fetch", "--quiet", *depth, bare.as_uri(), commit, *branches])
    job.run_command(["git", "checkout", "--quiet", commit])


def run_workflows(
    runner: WorkflowRunner, bare: Path, event: Event, folder: Path
) -> dict[str, JobResult]:
    """Run the workflows of an event's commit; return the jobs by their names."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    run_git(folder, "init", "--quiet")
    run_git(folder, "fetch", "--quiet", str(bare), event.commit)
    run_git(folder, "checkout", "--quiet", event.commit)
    return {one.name: one for one in runner.run(folder / ".github" / "workflows", event)}


class Pipeline:
    """A project with its pipeline.

    Attributes:
        project: The project, whose stack exists and is empty.
        github: GitHub.
        repository: The repository.
    """

    def __init__(self, folder: Path, project: Project, github: FakeGitHub) -> None:
        self.project = project
        self.github = github
        self._folder = folder
        copy_templates(project.folder, "s3-kms")
        shutil.copyfile(
            ROOT / "requirements-pipeline.txt", project.folder / "requirements-pipeline.txt"
        )
        ignored = "/.venv\n/home\n/state\n/token-of-the-emulator\n"
        (project.folder / ".gitignore").write_text(ignored, encoding="utf-8")
        self.repository = ProjectRepository.create(folder, project.folder, github)
        environment = project.environment
        base = {
            name: value
            for name, value in environment.items()
            if name not in {*_FROM_BACKEND, *_FROM_WORKFLOW}
        }
        secrets = {"CLOUDFLARE_API_TOKEN": environment["CLOUDFLARE_API_TOKEN"]}
        names = (project.stack, "recordings-drift", "recordings-meetings")
        self._runner = WorkflowRunner(
            folder,
            github,
            base,
            self._list_actions(),
            variables={"MEETING_STACKS": f'["{project.stack}"]'},
            environments={name: Environment(secrets) for name in names},
        )

    def run(self, event: Event) -> dict[str, JobResult]:
        """Run what an event starts; return the jobs by their names."""
        return run_workflows(self._runner, self.repository.bare, event, self._folder / "workflows")

    def write_config(self, config: Mapping[str, Any]) -> dict[str, str]:
        """Return the stack's file with a config, as a change of the repository."""
        self.project.write_config(config)
        file = self.project.config_file
        return {
            str(file.relative_to(self.project.folder)): file.read_text(encoding="utf-8"),
        }

    def declare(self, **recordings: Mapping[str, Any]) -> dict[str, str]:
        """Return the stack's file with recordings, as a change of the repository."""
        return self.write_config({"realtimekit:recordings": recordings})

    def change_program(self, first_lines: str) -> dict[str, str]:
        """Return the program with other lines first, as a change of the repository."""
        source = (self.project.folder / "__main__.py").read_text(encoding="utf-8")
        return {"__main__.py": first_lines + source}

    def _list_actions(self) -> Mapping[str, Action]:
        return {
            "actions/checkout": partial(check_out, self.repository.bare),
            "./.github/actions/install": self._install,
            "./.github/actions/backend": self._log_in,
        }

    def _install(self, job: Job, _given: Mapping[str, str]) -> None:
        """What it installs is here: this Python, with its packages and the CLI."""
        (job.workspace / ".venv").symlink_to(sys.prefix, target_is_directory=True)

    def _log_in(self, job: Job, given: Mapping[str, str]) -> None:
        assert given["access"] in {"PREVIEW", "DRIFT", "DEPLOY"}
        job.environment |= {name: self.project.environment[name] for name in _FROM_BACKEND}
