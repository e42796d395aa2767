"""The policies of the jobs' roles say what the documentation says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.pipelines.checkout import TEMPLATES

ROLES = TEMPLATES / "roles"
STORAGE_PAGE = Path(__file__).parents[2] / "docs" / "storage.md"
READS = re.compile(r"^(s3:(List|Get)\w+|iam:(List|Get)\w+|kms:Decrypt)$")
WRITES_STATE = {"s3:PutObject", "s3:DeleteObject", "kms:Encrypt", "kms:Decrypt", "s3:GetObject"}


def read_role(name: str) -> list[dict[str, Any]]:
    """Return the statements of a policy."""
    text = (ROLES / f"{name}.json").read_text(encoding="utf-8")
    statements: list[dict[str, Any]] = json.loads(text)["Statement"]
    return statements


def list_actions(name: str) -> set[str]:
    """Return the actions that a policy allows."""
    found = [one["Action"] for one in read_role(name)]
    return {action for one in found for action in ([one] if isinstance(one, str) else one)}


def list_documented_actions() -> set[str]:
    """Return what the page about storage says that a location and a writer need in AWS."""
    rows = [
        line.split("|")[2]
        for line in STORAGE_PAGE.read_text(encoding="utf-8").splitlines()
        if line.startswith(("| a location |", "| a writer |"))
    ]
    assert len(rows) == 2
    return set(re.findall(r"`((?:s3|iam):\w+)`", " ".join(rows)))


def test_the_role_that_deploys_has_the_documented_rights_and_those_of_the_state() -> None:
    """No file of a bucket is among them: nothing is deleted, but by `on_delete: force`."""
    assert list_actions("deploy") == list_documented_actions() | WRITES_STATE


@pytest.mark.parametrize("role", ["preview", "drift"])
def test_the_other_roles_only_read(role: str) -> None:
    """The one of pull requests knows nothing but the state."""
    assert [one for one in list_actions(role) if not READS.match(one)] == []
    assert list_actions(role) <= list_actions("deploy")
    assert list_actions("preview") == {"s3:ListBucket", "s3:GetObject", "kms:Decrypt"}


@pytest.mark.parametrize(
    ("role", "subjects"),
    [
        ("preview", {"pull_request", "ref:refs/heads/main"}),
        ("drift", {"environment:recordings-drift"}),
        ("deploy", {"environment:prod", "environment:recordings-meetings"}),
    ],
)
def test_only_the_jobs_that_a_role_is_for_can_take_it(role: str, subjects: set[str]) -> None:
    """A branch can name an environment, but its rules say which branches may use it."""
    (statement,) = read_role(f"trust-{role}")
    conditions = statement["Condition"]["StringEquals"]
    found = conditions["token.actions.githubusercontent.com:sub"]
    named = [found] if isinstance(found, str) else found
    assert {one.removeprefix("repo:OWNER/REPOSITORY:") for one in named} == subjects
    assert conditions["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
