"""What a job of GitHub Actions knows of itself, and the summary that its page shows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path

from realtimekit_provider.cli.exit_codes import CommandError, ExitCode

__all__ = ["create_marker", "find_run_url", "write_summary"]


def find_run_url(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the address of the run whose summary has the whole report, ``None`` outside of one."""
    names = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")
    server, repository, run = (environment.get(name, "") for name in names)
    return f"{server}/{repository}/actions/runs/{run}" if server and repository and run else None


def create_marker(subject: str, folder: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Return the line by which what we wrote is found again: one a project of a repository.

    Args:
        subject: What it is about, such as ``preview``: letters and single hyphens.
        folder: The project's folder.
        environment: Has ``GITHUB_WORKSPACE``, the folder of the clone, in a job.
    """
    workspace = environment.get("GITHUB_WORKSPACE")
    path = folder.resolve()
    start = Path(workspace).resolve() if workspace else path.parent
    name = os.path.relpath(path, start).encode()
    return f"<!-- realtimekit-{subject} {hashlib.sha256(name).hexdigest()[:16]} -->"


def write_summary(text: str, environment: Mapping[str, str] = os.environ) -> None:
    """Add a text to the summary of the job's step.

    Raises:
        CommandError: This is no step of GitHub Actions.
    """
    path = environment.get("GITHUB_STEP_SUMMARY")
    if not path:
        raise CommandError(
            "GITHUB_STEP_SUMMARY is not set: this is no step of GitHub Actions",
            ExitCode.CONFIGURATION,
        )
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(f"{text}\n")
