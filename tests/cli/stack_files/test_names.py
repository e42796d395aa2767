"""The names of stacks in each form that the Pulumi CLI takes, and the file that each finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.evidence.subjects import ExaminedStack
from realtimekit_provider.cli.pulumi_cli.backend import StackInfo, find_stack
from realtimekit_provider.cli.pulumi_cli.process import PulumiCli
from realtimekit_provider.cli.stack_files.names import (
    StackName,
    drop_repeated_names,
    label_stacks,
    parse_stack_name,
)
from realtimekit_provider.cli.stack_files.project import find_project, find_stack_file
from tests.cli.command_line import write_project

FORMS = ("prod", "acme-corp/prod", "acme-corp/acme/prod")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("prod", StackName("prod")),
        ("acme-corp/prod", StackName("prod", "acme-corp")),
        ("acme-corp/acme/prod", StackName("prod", "acme-corp")),
        ("acme-corp/other/prod", StackName("prod", "acme-corp", "other")),
        ("organization/acme/prod", StackName("prod")),
        ("organization/prod", StackName("prod")),
        ("eu.west", StackName("eu.west")),
    ],
)
def test_a_name_has_up_to_three_parts(name: str, expected: StackName) -> None:
    """The own project is left out, and so is what a self-managed backend calls organization."""
    assert parse_stack_name(name, "acme") == expected


def test_a_file_is_found_by_the_last_part_of_the_name(tmp_path: Path) -> None:
    """With dots, in the same case, and of no other project."""
    project = find_project(write_project(tmp_path, **{"prod": "", "Prod": "", "eu.west": ""}))

    def find(name: str) -> str | None:
        file = find_stack_file(project, name)
        return file.path.name if file is not None else None

    assert {find(name) for name in FORMS} == {"Pulumi.prod.yaml"}
    assert find("acme-corp/Prod") == "Pulumi.Prod.yaml"
    assert find("organization/acme/eu.west") == "Pulumi.eu.west.yaml"
    for unknown in ("PROD", "eu", "acme-corp/other/prod", "a/b/c/prod"):
        assert find(unknown) is None


def test_a_stack_is_shown_by_its_short_name_where_that_is_its_own() -> None:
    """Otherwise with the organization, as far as it was named."""
    assert label_stacks(["acme-corp/acme/prod", "acme-corp/dev", "dev", "eu.west"]) == {
        "acme-corp/acme/prod": "prod",
        "acme-corp/dev": "acme-corp/dev",
        "dev": "dev",
        "eu.west": "eu.west",
    }


def test_a_name_in_two_forms_is_one_stack() -> None:
    """The form that was written first stays."""
    names = ["acme-corp/prod", "acme-corp/acme/prod", "prod", "organization/acme/prod", "ada/prod"]
    assert drop_repeated_names(names, "acme") == ["acme-corp/prod", "prod", "ada/prod"]


PAGE = "https://app.pulumi.com/acme-corp/acme/prod"


@pytest.mark.parametrize(
    ("stacks", "found"),
    [
        ([StackInfo("prod", url=PAGE)], ["prod", "prod", "prod", None]),
        ([StackInfo("acme-corp/prod", url=PAGE)], [None, "acme-corp/prod", "acme-corp/prod", None]),
        (
            [StackInfo("prod", url=PAGE), StackInfo("ada/prod", url="https://x/ada/acme/prod")],
            ["prod", "prod", "prod", "ada/prod"],
        ),
        # Where nobody says what the default organization is, only another stack's is not it.
        (
            [StackInfo("prod"), StackInfo("ada/prod")],
            ["prod", "prod", "prod", "ada/prod"],
        ),
    ],
)
def test_the_stack_is_found_that_the_cli_takes(
    stacks: list[StackInfo], found: list[str | None]
) -> None:
    """A name without organization is of the default one."""
    for name, expected in zip((*FORMS, "ada/prod"), found, strict=True):
        one = find_stack(stacks, name, "acme")
        assert (one.name if one is not None else None) == expected, name
    assert find_stack(stacks, "acme-corp/other/prod", "acme") is None


@pytest.mark.parametrize("name", FORMS)
def test_doctor_finds_the_file_by_each_form_of_the_name(name: str, tmp_path: Path) -> None:
    """And of no other project."""
    project = find_project(write_project(tmp_path, prod="config: {}\n", dev="config: {}\n"))
    examined = ExaminedProject(project, PulumiCli(project.folder))
    file = ExaminedStack(examined, name).file
    assert file is not None
    assert file.file.stack == "prod"
    assert ExaminedStack(examined, "acme-corp/other/prod").file is None
