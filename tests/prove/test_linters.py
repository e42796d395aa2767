"""The linters find nothing in the workflows, and find a mistake of each kind that is put in."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.pipelines.checkout import BACKENDS, copy_templates
from tools.linters.run import list_findings

CHECKOUT = "          persist-credentials: false\n"
MISTAKES = {
    "actionlint": ("recordings-deploy.yml", "needs.stacks.outputs.any", "needs.stack.outputs.any"),
    "actionlint SC2086": ("recordings-deploy-stacks.yml", '--stack "$STACK"', "--stack $STACK"),
    "workflow schema": ("recordings-check.yml", "runs-on: ubuntu-24.04", "run-on: ubuntu-24.04"),
    "action schema": ("../actions/install/action.yml", "using: composite", "using: composed"),
    "zizmor template-injection": (
        "recordings-preview.yml",
        "run: exec realtimekit ci preview",
        "run: echo '${{ github.head_ref }}' && realtimekit ci preview",
    ),
    "zizmor unpinned-uses": (
        "recordings-check.yml",
        "@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2",
        "@v6",
    ),
    "zizmor artipacked": ("recordings-check.yml", CHECKOUT, "          fetch-depth: 1\n"),
    "zizmor dangerous-triggers": (
        "recordings-preview.yml",
        "  pull_request:",
        "  pull_request_target:",
    ),
    "zizmor excessive-permissions": (
        "recordings-check.yml",
        "permissions:\n      contents: read",
        "permissions: write-all",
    ),
    "zizmor secrets-inherit": ("recordings-deploy.yml", " # zizmor: ignore[secrets-inherit]", ""),
    "zizmor github-env": ("../actions/install/action.yml", " # zizmor: ignore[github-env]", ""),
}


def create_repository(folder: Path, backend: str) -> Path:
    """Make a repository that has nothing but the workflows."""
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    copy_templates(folder, backend)
    return folder


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_linters_find_nothing_in_the_workflows(backend: str, tmp_path: Path) -> None:
    """Exceptions stand in the files, and in zizmor.yml, each with its reason."""
    assert list_findings(create_repository(tmp_path, backend)) == {}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_the_linters_find_a_mistake_of_each_kind(mistake: str, tmp_path: Path) -> None:
    """An exception that is taken away is one of them."""
    name, before, after = MISTAKES[mistake]
    file = create_repository(tmp_path, "s3-kms") / ".github" / "workflows" / name
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")
    linter, _, rule = mistake.partition(" ")
    findings = list_findings(tmp_path)
    if linter in {"workflow", "action"}:
        linter, rule = mistake, ""
    assert rule in findings[linter]
