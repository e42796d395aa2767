"""The workflows hold what they need and no more, and no foreign text becomes a command."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from realtimekit_provider.cli.stack_files.names import (
    UNREVIEWED_ENVIRONMENTS,
    describe_bad_name,
)
from tests.docs.pages import read_table
from tests.pipelines.checkout import TEMPLATES
from tools.setup.pulumi_source import VERSION

FILES = sorted(one for one in TEMPLATES.rglob("*.yml") if one.name != "zizmor.yml")
WORKFLOWS = sorted((TEMPLATES / "workflows").glob("*.yml"))
PIN = re.compile(r"^[\w.-]+/[\w.-]+@[0-9a-f]{40}$")
PERMISSIONS = {
    ("recordings-check", "check"): {"contents": "read"},
    ("recordings-preview", "preview"): {
        "contents": "read",
        "id-token": "write",
        "pull-requests": "write",
    },
    ("recordings-deploy", "stacks"): {"contents": "read"},
    ("recordings-deploy", "deploy"): {"contents": "read", "id-token": "write"},
    ("recordings-deploy-stacks", "review"): {"contents": "read", "id-token": "write"},
    ("recordings-deploy-stacks", "deploy"): {"contents": "read", "id-token": "write"},
    ("recordings-drift", "stacks"): {"contents": "read"},
    ("recordings-drift", "drift"): {"contents": "read", "id-token": "write", "issues": "write"},
    ("recordings-meetings", "stacks"): {},
    ("recordings-meetings", "meetings"): {
        "actions": "read",
        "contents": "read",
        "deployments": "read",
        "id-token": "write",
    },
}


ROWS = {
    ("recordings-deploy", "stacks"): "choose the stacks",
    ("recordings-drift", "stacks"): "choose the stacks",
    ("recordings-meetings", "stacks"): "choose the stacks",
    ("recordings-deploy-stacks", "review"): "preview before a deployment",
}
"""The row of each job that is not named like it."""


def read_yaml(file: Path) -> Any:
    """Return a workflow or an action."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def list_jobs() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each job with the names of its workflow and its own."""
    for file in WORKFLOWS:
        for name, job in read_yaml(file)["jobs"].items():
            yield file.stem, name, job


def list_steps(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the steps of a workflow or of an action."""
    jobs = document.get("jobs", {"action": document.get("runs")})
    return [step for job in jobs.values() for step in job.get("steps", ())]


def test_jobs_have_the_permissions_that_the_table_says() -> None:
    """None comes from above it: the workflow has no permission at all."""
    assert all(read_yaml(file)["permissions"] == {} for file in WORKFLOWS)
    assert {(file, name): job["permissions"] for file, name, job in list_jobs()} == PERMISSIONS


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_every_action_is_pinned_by_its_commit(file: Path) -> None:
    """With the release as a comment beside it."""
    for step in list_steps(read_yaml(file)):
        used = step.get("uses", "./")
        assert used.startswith("./") or PIN.match(used), used
    for line in file.read_text(encoding="utf-8").splitlines():
        if "@" in line and "uses:" in line:
            assert re.search(r"# v\d+\.\d+\.\d+$", line), line


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_text_is_put_into_a_command(file: Path) -> None:
    """It reaches the shell as a variable of the environment."""
    assert [
        step["run"] for step in list_steps(read_yaml(file)) if "${{" in step.get("run", "")
    ] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_no_credential_stays_and_no_cache_or_artifact_is_made(file: Path) -> None:
    """A cache could come from a branch, and a state or a log could go to anybody."""
    for step in list_steps(read_yaml(file)):
        used = step.get("uses", "")
        if used.startswith("actions/checkout"):
            assert step["with"]["persist-credentials"] is False
        assert "cache" not in used
        assert "cache" not in step.get("with", {})
        assert "artifact" not in used


def test_only_jobs_with_an_environment_get_a_secret() -> None:
    """A branch can change a workflow, but not who may use an environment."""
    with_secrets = [
        (file, name, job.get("environment"))
        for file, name, job in list_jobs()
        if "secrets." in str(job)
    ]
    assert with_secrets == [
        ("recordings-deploy-stacks", "deploy", "${{ matrix.stack }}"),
        ("recordings-drift", "drift", "recordings-drift"),
        ("recordings-meetings", "meetings", "recordings-meetings"),
    ]


def test_no_stack_may_have_the_name_of_an_environment_without_reviewers() -> None:
    """Its deployment would need no approval; GitHub ignores the case of the names."""
    environments = {job.get("environment", "$") for _, _, job in list_jobs()}
    assert {one for one in environments if "$" not in one} == UNREVIEWED_ENVIRONMENTS
    for name in (*UNREVIEWED_ENVIRONMENTS, "Recordings-MEETINGS"):
        assert "would be deployed without approval" in (describe_bad_name(name) or "")
    assert describe_bad_name("recordings") is None


def test_the_page_says_what_each_job_holds() -> None:
    """The role that it logs in with, and whether it gets the API token."""
    documented = {}
    for line in read_table("docs/pipelines.md", "job"):
        roles = re.findall(r"the role `(\w+)`", line["holds"])
        documented[line["job"]] = (roles, "API token" in line["holds"])
    # The last row says it by naming another one.
    documented["meetings"] = documented["deploy"]
    held: dict[str, tuple[list[str], bool]] = {}
    for file, name, job in list_jobs():
        accesses = [step.get("with", {}).get("access") for step in job.get("steps", ())]
        roles = [access.lower() for access in accesses if access]
        row = ROWS.get((file, name), name)
        if "steps" in job:
            held[row] = (roles, "secrets.CLOUDFLARE_API_TOKEN" in str(job))
    assert held == documented


def test_no_workflow_gives_a_fork_more_than_a_fork_has() -> None:
    """`pull_request_target` runs with the secrets, on somebody else's code."""
    for file in WORKFLOWS:
        triggers = read_yaml(file)[True]
        assert {"pull_request_target", "workflow_run", "issue_comment"}.isdisjoint(triggers)
    preview = read_yaml(TEMPLATES / "workflows" / "recordings-preview.yml")["jobs"]["preview"]
    assert preview["if"] == "github.event.pull_request.head.repo.full_name == github.repository"


def test_the_page_names_every_workflow() -> None:
    """And no other; the Pulumi CLI that they install is the one of the tests."""
    page = (TEMPLATES.parents[1] / "docs" / "pipelines.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(recordings-[a-z-]+\.yml)`", page)) == {one.name for one in WORKFLOWS}
    install = read_yaml(TEMPLATES / "actions" / "install" / "action.yml")
    (version,) = [
        step["with"]["pulumi-version"]
        for step in install["runs"]["steps"]
        if step.get("uses", "").startswith("pulumi/actions")
    ]
    assert version == VERSION


def read_duration(run: str, option: str) -> int:
    """Return the minutes of an option of ``realtimekit up``."""
    found = re.search(rf"--{option} (\d+)m", run)
    assert found is not None
    return int(found[1])


def test_no_job_takes_longer_than_its_login_to_aws() -> None:
    """A role's session is an hour long."""
    assert all(job.get("timeout-minutes", 0) < 60 for _, _, job in list_jobs())


def test_a_job_that_deploys_ends_after_its_command() -> None:
    """It waits for a lock, deploys, and has time to be interrupted; it is never cancelled."""
    deploying = [job for _, _, job in list_jobs() if "realtimekit up" in str(job)]
    assert len(deploying) == 2
    for job in deploying:
        run = job["steps"][-1]["run"]
        limits = sum(read_duration(run, option) for option in ("wait-for-lock", "soft-timeout"))
        assert job["timeout-minutes"] >= limits + 10
        assert run.startswith("exec realtimekit up")
        assert job["concurrency"]["cancel-in-progress"] is False
        assert "${{ matrix.stack }}" in job["concurrency"]["group"]
