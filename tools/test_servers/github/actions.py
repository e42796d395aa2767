"""What GitHub Actions leaves in a repository: runs with their jobs, and deployments."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.test_servers.github.accounts import Account
from tools.test_servers.github.errors import GitHubApiError

__all__ = ["Deployment", "WorkflowRun", "compare_commits"]

_CREATED = "2026-11-26T08:00:00Z"


@dataclass(frozen=True)
class Deployment:
    """A deployment, which a job with an environment makes, and whoever may write deployments.

    Attributes:
        environment: The environment.
        commit: The commit.
        creator: For a job's environment whoever started the run, as in
            https://github.com/cli/cli/issues/5541.
        ref: What the commit was called.
    """

    environment: str
    commit: str
    creator: Account
    ref: str = "main"

    def to_json(self) -> dict[str, Any]:
        """Return the deployment's keys that a client may need."""
        return {
            "sha": self.commit,
            "ref": self.ref,
            "environment": self.environment,
            "creator": self.creator.to_json(),
            "created_at": _CREATED,
        }


@dataclass(frozen=True)
class WorkflowRun:
    """A run of a workflow.

    Attributes:
        number: Its id.
        file: The name of the workflow's file.
        event: What started it.
        branch: The branch, or the tag, that it was started for.
        commit: The commit whose workflow it is.
        jobs: Its jobs' names and conclusions; ``None`` for one that has not ended.
    """

    number: int
    file: str
    event: str
    branch: str
    commit: str
    jobs: Sequence[tuple[str, str | None]]

    def to_json(self) -> dict[str, Any]:
        """Return the run's keys that a client may need."""
        return {
            "id": self.number,
            "path": f".github/workflows/{self.file}",
            "event": self.event,
            "head_branch": self.branch,
            "head_sha": self.commit,
        }

    def jobs_to_json(self) -> list[dict[str, Any]]:
        """Return the keys of its jobs."""
        return [
            {"run_id": self.number, "head_sha": self.commit, "name": name, "conclusion": conclusion}
            for name, conclusion in self.jobs
        ]


def compare_commits(repository: Path | None, base: str, head: str) -> str:
    """Return what GitHub says of a head: ``ahead`` of its base, ``behind`` it, or another word."""
    command = ["git", "rev-list", "--left-right", "--count", f"{base}...{head}"]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise GitHubApiError(404, "Not Found")
    behind, ahead = map(int, done.stdout.split())
    if ahead and behind:
        return "diverged"
    return "ahead" if ahead else "behind" if behind else "identical"
