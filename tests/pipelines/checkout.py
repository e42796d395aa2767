"""The templates, copied as the documentation says."""

from __future__ import annotations

import shutil
from pathlib import Path

__all__ = ["BACKENDS", "TEMPLATES", "copy_templates"]

TEMPLATES = Path(__file__).parents[2] / "pipelines" / "github"
BACKENDS = ("s3-kms", "pulumi-cloud")


def copy_templates(folder: Path, backend: str) -> None:
    """Copy the workflows and their actions into a project's folder."""
    github = folder / ".github"
    shutil.copytree(TEMPLATES / "workflows", github / "workflows")
    shutil.copytree(TEMPLATES / "actions", github / "actions")
    shutil.copytree(TEMPLATES / "backends" / backend, github / "actions" / "backend")
    shutil.copyfile(TEMPLATES / "zizmor.yml", github / "zizmor.yml")
