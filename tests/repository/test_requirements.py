"""Every requirement is pinned to one version, with its hashes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.setup.virtualenv import EXAMPLES

ROOT = Path(__file__).parents[2]
AT_LEAST = {
    "requirements.txt": 11,
    "requirements-dev.txt": 11,
    "requirements-examples.txt": 2,
    "requirements-pipeline.txt": 20,
    "tools/linters/requirements.txt": 3,
}
_PINNED = re.compile(r"^[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[A-Za-z0-9.+!]+( ; .+)?$")
_HASH = re.compile(r"^--hash=sha256:[0-9a-f]{64}$")


def read_requirements(name: str) -> list[list[str]]:
    """Return each requirement with its options, as pip joins the lines."""
    text = (ROOT / name).read_text().replace("\\\n", "\n    ")
    found: list[list[str]] = []
    for line in text.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if line.startswith(" "):
            found[-1].append(line.strip())
        else:
            found.append([line.strip()])
    return found


@pytest.mark.parametrize("name", AT_LEAST)
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    """No line stands without a version and a hash: pip then refuses anything else."""
    wrong = [
        requirement
        for requirement, *options in read_requirements(name)
        if not (_PINNED.match(requirement) and options and all(map(_HASH.match, options)))
    ]
    assert len(read_requirements(name)) >= AT_LEAST[name]
    assert wrong == []


def test_the_set_up_lets_pip_insist_on_hashes() -> None:
    """One requirement without a hash would switch the check off without this option."""
    for file in ("tools/setup/virtualenv.py", "pipelines/github/actions/install/action.yml"):
        assert "--require-hashes" in (ROOT / file).read_text()


def test_a_pipeline_installs_what_runs() -> None:
    """The package's own requirements and those of the command line, and nothing that tests."""
    names = {one.split("==")[0] for one, *_ in read_requirements("requirements-pipeline.txt")}
    assert {"pulumi", "pydantic", "click", "rich", "pyyaml", "boto3", "hatchling"} <= names
    assert names.isdisjoint({"pytest", "mypy", "ruff", "moto", "aiohttp", "cryptography"})


def test_no_deployment_from_a_checkout_fetches_a_plugin() -> None:
    """The language host asks pip what is installed, and each provider's package has a plugin."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "list", "--format", "json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = {one["name"] for one in json.loads(listed.stdout)}
    assert "pulumi" in names
    assert [name for name in names if name.startswith("pulumi")] == ["pulumi"]


def test_requirements_of_the_examples_packages_are_pinned() -> None:
    """They are installed without their dependencies, which have to be installed."""
    pinned = dict(
        one.split(" ;")[0].split("==") for one, *_ in read_requirements("requirements-dev.txt")
    )
    needed = [
        Requirement(text)
        for found in distributions(path=[str(EXAMPLES)])
        for text in found.requires or ()
    ]
    assert needed
    for one in needed:
        if one.marker is None or one.marker.evaluate():
            assert one.specifier.contains(pinned[one.name]), str(one)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-pipeline.txt"])
def test_users_get_the_versions_that_the_tests_run_with(name: str) -> None:
    """Both files name the same versions."""
    ours = {requirement for requirement, *_ in read_requirements(name)}
    tested = {requirement for requirement, *_ in read_requirements("requirements-dev.txt")}
    assert {one.split("==")[0] for one in ours} <= {one.split("==")[0] for one in tested}
    versions = dict(one.split(" ;")[0].split("==") for one in tested)
    assert all(
        versions[name] == version
        for name, version in (one.split(" ;")[0].split("==") for one in ours)
    )
