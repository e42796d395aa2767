"""What the linters say of a repository's workflows."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tools.linters.install import ensure_linters

__all__ = ["LINTERS", "list_findings"]

LINTERS: Mapping[str, Sequence[str]] = {
    "actionlint": ("actionlint", "-no-color", "-oneline"),
    "zizmor": ("zizmor", "--offline", "--quiet", "--no-progress", "--color=never", "."),
    "workflow schema": ("check-jsonschema", "--builtin-schema=vendor.github-workflows"),
    "action schema": ("check-jsonschema", "--builtin-schema=vendor.github-actions"),
}
"""The command of each; the schemas' take the files that they are for."""

_FILES = {"workflow schema": "workflows/*.yml", "action schema": "actions/*/action.yml"}


def list_findings(repository: Path) -> dict[str, str]:
    """Return what each linter says that has something to say, by its name.

    Args:
        repository: The top folder of a git repository with ``.github``.
    """
    programs = ensure_linters()
    # actionlint looks for shellcheck on PATH.
    environment = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    findings = {}
    for name, (program, *arguments) in LINTERS.items():
        pattern = _FILES.get(name)
        files = sorted((repository / ".github").glob(pattern)) if pattern else []
        done = subprocess.run(
            [programs / program, *arguments, *files],
            cwd=repository,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            findings[name] = done.stdout + done.stderr
    return findings
