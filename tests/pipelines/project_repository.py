"""A project in a bare repository, and its pull requests."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.pipelines.actions_runner.event import Event
from tools.test_servers.github import Account, FakeGitHub

__all__ = ["ProjectRepository", "PullRequest", "run_git"]

_AS_SOMEBODY = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")


def run_git(folder: Path, *arguments: str) -> str:
    """Run git as somebody who has set nothing up; return what it prints."""
    command = ["git", *_AS_SOMEBODY, *arguments]
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()


@dataclass(frozen=True)
class PullRequest:
    """A pull request.

    Attributes:
        number: Its number.
        branch: The branch that it asks to merge.
        is_from_fork: Whether the branch is in somebody else's repository.
    """

    number: int
    branch: str
    is_from_fork: bool = False


class ProjectRepository:
    """A bare repository with a branch ``main``, and a clone to work in.

    Attributes:
        bare: The repository that workflows check out.
        clone: Where changes are made.
    """

    def __init__(self, bare: Path, clone: Path, github: FakeGitHub) -> None:
        self.bare = bare
        self.clone = clone
        self._github = github

    @classmethod
    def create(cls, folder: Path, project: Path, github: FakeGitHub) -> ProjectRepository:
        """Make a repository of a project's folder, below ``folder``."""
        bare, clone = folder / "repository.git", folder / "clone"
        run_git(folder, "init", "--quiet", "--bare", "--initial-branch=main", str(bare))
        shutil.copytree(project, clone, symlinks=True)
        run_git(clone, "init", "--quiet", "--initial-branch=main")
        run_git(clone, "remote", "add", "origin", str(bare))
        github.repository.folder = bare
        repository = cls(bare, clone, github)
        repository.push("main")
        return repository

    def push(self, branch: str, files: Mapping[str, str] | None = None) -> str:
        """Write files, commit all changes and push them; return the commit."""
        for name, text in (files or {}).items():
            file = self.clone / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        run_git(self.clone, "add", "--all")
        run_git(self.clone, "commit", "--quiet", "--allow-empty", "--message=a change")
        run_git(self.clone, "push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
        return run_git(self.clone, "rev-parse", "HEAD")

    def open_pull_request(
        self, branch: str, files: Mapping[str, str], *, is_from_fork: bool = False
    ) -> PullRequest:
        """Push a branch that begins at ``main``, and open its pull request."""
        run_git(self.clone, "checkout", "--quiet", "--detach", "main")
        self.push(branch, files)
        issue = self._github.open_pull_request(Account("anna", 7))
        return PullRequest(issue.number, branch, is_from_fork)

    def describe(self, request: PullRequest) -> Event:
        """Return the event of a pull request that was opened or pushed to."""
        base = run_git(self.clone, "rev-parse", "main")
        head = run_git(self.bare, "rev-parse", f"refs/heads/{request.branch}")
        run_git(self.clone, "checkout", "--quiet", "--detach", base)
        run_git(self.clone, "merge", "--quiet", "--no-ff", "--message=merge", head)
        merge = f"refs/pull/{request.number}/merge"
        run_git(self.clone, "push", "--quiet", "--force", "origin", f"HEAD:{merge}")
        commit = run_git(self.clone, "rev-parse", "HEAD")
        run_git(self.clone, "checkout", "--quiet", "--detach", head)
        name = self._github.repository.name
        owner = "mallory/recordings" if request.is_from_fork else name
        pull_request = {
            "number": request.number,
            "base": {"sha": base, "ref": "main"},
            "head": {"sha": head, "ref": request.branch, "repo": {"full_name": owner}},
        }
        payload = {"number": request.number, "pull_request": pull_request}
        return Event("pull_request", commit, merge, payload)

    def merge(self, request: PullRequest) -> Event:
        """Merge a pull request; return the event of the push."""
        before = run_git(self.clone, "rev-parse", "main")
        run_git(self.clone, "checkout", "--quiet", "main")
        head = run_git(self.bare, "rev-parse", f"refs/heads/{request.branch}")
        run_git(self.clone, "merge", "--quiet", "--no-ff", "--message=merge", head)
        after = self.push("main")
        return Event("push", after, payload={"before": before, "after": after})
