"""The commit that recurring meetings are recorded by was deployed, after its approval."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import yaml

from tests.pipelines.checkout import TEMPLATES
from tests.pipelines.project_repository import run_git
from tools.test_servers.github import ACTIONS, Account, FakeGitHub, running_github
from tools.test_servers.github.actions import Deployment, WorkflowRun

ANNA, MALLORY = Account("anna", 7), Account("mallory", 666)
JOB = "Deploy (prod) / Deploy prod"
READ = {"actions": "read", "contents": "read", "deployments": "read"}


class Deployed:
    """A repository, of whose commits `deployed` is the one that was approved last.

    Attributes:
        github: GitHub.
        commits: `older` and `deployed` are deployed, `waiting` waits for its approval, and
            `foreign` is on a branch of somebody who means harm.
    """

    def __init__(self, folder: Path, github: FakeGitHub) -> None:
        self.github = github
        self._folder = folder
        run_git(folder, "init", "--quiet", "--initial-branch=main")
        self.commits = {name: self._commit(name) for name in ("older", "deployed", "waiting")}
        run_git(folder, "checkout", "--quiet", self.commits["older"])
        self.commits["foreign"] = self._commit("foreign")
        github.repository.folder = folder
        for name, conclusion in (("older", "success"), ("deployed", "success"), ("waiting", None)):
            self.deploy(name)
            self.add_run(name, [("Choose the stacks", "success"), (JOB, conclusion)])

    def deploy(self, name: str, creator: Account = ANNA, ref: str = "main") -> None:
        """Make a deployment."""
        made = Deployment("prod", self.commits[name], creator, ref)
        self.github.repository.deployments.append(made)

    def add_run(
        self,
        name: str,
        jobs: Sequence[tuple[str, str | None]] = ((JOB, "success"),),
        event: str = "push",
        branch: str = "main",
        file: str = "recordings-deploy.yml",
    ) -> None:
        """Run a workflow of a commit."""
        runs = self.github.repository.runs
        commit = self.commits[name]
        runs.append(WorkflowRun(len(runs) + 1, file, event, branch, commit, jobs))

    def find(self, **permissions: str) -> tuple[int, str | None]:
        """Run the step; return its exit code, and the name of the commit that it found."""
        workflow = TEMPLATES / "workflows" / "recordings-meetings.yml"
        (step,) = [
            one
            for one in yaml.safe_load(workflow.read_text())["jobs"]["meetings"]["steps"]
            if one.get("id") == "deployed"
        ]
        output = self._folder / "output"
        output.write_text("")
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={
                "PATH": os.environ["PATH"],
                "GITHUB_API_URL": self.github.url,
                "GITHUB_OUTPUT": str(output),
                "GITHUB_REPOSITORY": "acme/recordings",
                "GITHUB_SHA": self.commits["waiting"],
                "GITHUB_TOKEN": self.github.create_token(ACTIONS, **(permissions or READ)),
                "STACK": "prod",
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "ghs_CANARY" not in done.stdout + done.stderr
        written = output.read_text().strip()
        names = {f"commit={commit}": name for name, commit in self.commits.items()}
        return done.returncode, names[written] if written else None

    def _commit(self, name: str) -> str:
        run_git(self._folder, "commit", "--quiet", "--allow-empty", f"--message={name}")
        return run_git(self._folder, "rev-parse", "HEAD")


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployed]:
    """A repository whose newest commit waits."""
    with running_github() as github:
        yield Deployed(tmp_path, github)


def test_the_commit_is_the_one_that_was_deployed_last(deployed: Deployed) -> None:
    """Not the one that waits for its approval; again after that."""
    assert deployed.find() == (0, "deployed")
    deployed.add_run("waiting", event="workflow_dispatch")
    assert deployed.find() == (0, "waiting")


@pytest.mark.parametrize("creator", [ACTIONS, MALLORY])
@pytest.mark.parametrize("name", ["foreign", "waiting"])
def test_a_forged_deployment_chooses_no_commit(
    name: str, creator: Account, deployed: Deployed
) -> None:
    """Whoever may push can make one, by a workflow of a branch too."""
    deployed.deploy(name, creator)
    deployed.deploy(name, creator, "attack")
    assert deployed.find() == (0, "deployed")


@pytest.mark.parametrize(
    ("event", "branch", "file"),
    [
        ("push", "attack", "recordings-deploy.yml"),
        ("push", "main", "recordings-deploy.yml"),
        ("workflow_dispatch", "main", "recordings-deploy.yml"),
        ("pull_request", "main", "recordings-deploy.yml"),
        ("push", "main", "recordings-other.yml"),
    ],
    ids=["a branch", "a tag main", "a tag main by hand", "a fork's main", "another workflow"],
)
def test_a_run_of_a_commit_that_is_not_mains_counts_for_nothing(
    event: str, branch: str, file: str, deployed: Deployed
) -> None:
    """A branch or a tag brings its own workflow, with a job of any name and no environment."""
    deployed.deploy("foreign", ACTIONS)
    deployed.add_run("foreign", event=event, branch=branch, file=file)
    assert deployed.find() == (0, "deployed")


@pytest.mark.parametrize("event", ["pull_request", "schedule"])
def test_a_run_that_another_event_started_counts_for_nothing(
    event: str, deployed: Deployed
) -> None:
    """Also of a commit of main."""
    deployed.add_run("waiting", event=event)
    assert deployed.find() == (0, "deployed")


@pytest.mark.parametrize(
    "job",
    [
        ("Deploy (prod2) / Deploy prod2", "success"),
        ("Deploy prod / Deploy dev", "success"),
        ("Deploy (prod) / Preview", "success"),
        (JOB, "skipped"),
        (JOB, "failure"),
    ],
)
def test_a_job_that_did_not_deploy_the_stack_counts_for_nothing(
    job: tuple[str, str], deployed: Deployed
) -> None:
    """Such as another stack's, or one that nobody approved."""
    deployed.add_run("waiting", [job])
    assert deployed.find() == (0, "deployed")


def test_a_forged_deployment_may_choose_what_was_approved_before(deployed: Deployed) -> None:
    """As the documentation says: what that declares differently is not deployed."""
    deployed.deploy("older", MALLORY)
    assert deployed.find() == (0, "older")


def test_the_job_of_a_stack_is_found_among_hundreds(deployed: Deployed) -> None:
    """GitHub gives a hundred at most in a page."""
    others = [(f"Deploy / Deploy s{number}", "success") for number in range(250)]
    deployed.add_run("waiting", [*others, (JOB, "success")])
    assert deployed.find() == (0, "waiting")


def test_a_stack_that_was_never_deployed_has_no_commit(deployed: Deployed) -> None:
    """Its job does nothing, and is no failure."""
    deployed.github.repository.deployments.clear()
    assert deployed.find() == (0, None)


@pytest.mark.parametrize("missing", READ)
def test_an_error_of_github_ends_the_job(missing: str, deployed: Deployed) -> None:
    """It takes no other commit instead."""
    code, commit = deployed.find(**{name: "read" for name in READ if name != missing})
    assert code != 0
    assert commit is None
