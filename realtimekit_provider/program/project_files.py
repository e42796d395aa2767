"""The files that make a folder a Pulumi project, in the order in which the CLI looks for them."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PROJECT_FILES", "find_project_file"]

PROJECT_FILES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
"""Their names."""


def find_project_file(folder: Path) -> Path | None:
    """Return the file of the project that ``folder`` is in, ``None`` where it is in none."""
    candidates = (one / name for one in (folder, *folder.parents) for name in PROJECT_FILES)
    return next((file for file in candidates if file.is_file()), None)
