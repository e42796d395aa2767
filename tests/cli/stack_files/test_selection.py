"""Which stacks a change is about."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from realtimekit_provider.cli.stack_files.git_changes import FileChange
from realtimekit_provider.cli.stack_files.selection import (
    Selection,
    select_stacks,
    split_into_chunks,
)

STACKS = [f"team{number}" for number in range(400)]


def select(*paths: str | FileChange, project: str = ".") -> Selection:
    """Return what changes of these files are about."""
    changes = [
        one if isinstance(one, FileChange) else FileChange(PurePosixPath(one)) for one in paths
    ]
    root = PurePosixPath(project)
    return select_stacks(STACKS, changes, root, root / "stacks")


def test_three_files_are_three_stacks() -> None:
    """Of four hundred."""
    files = [f"stacks/Pulumi.team{number}.yaml" for number in (7, 21, 399)]
    assert select(*files, "README.md", "tests/test_program.py").stacks == [
        "team21",
        "team399",
        "team7",
    ]


@pytest.mark.parametrize(
    "path", ["requirements.txt", "__main__.py", "Pulumi.yaml", "lib/x.py", "stacks/shared.json"]
)
def test_program_and_packages_concern_every_stack(path: str) -> None:
    """In two chunks, since a matrix has at most 256 jobs."""
    selection = select(path, "stacks/Pulumi.team1.yaml")
    assert selection.reason == f"{path} changed, which concerns every stack"
    assert [len(chunk) for chunk in split_into_chunks(selection.stacks)] == [256, 144]


@pytest.mark.parametrize("path", ["docs/a.md", "CHANGELOG.md", ".github/workflows/x.yml"])
def test_a_page_concerns_no_stack(path: str) -> None:
    """A deployment for each typing mistake would be noise."""
    assert select(path).stacks == []


def test_a_file_next_to_the_project_concerns_no_stack() -> None:
    """In a repository with several projects."""
    assert select("web/main.js", "infra/stacks/Pulumi.team1.yaml", project="infra").stacks == [
        "team1"
    ]


def test_deleted_and_renamed_files_are_named() -> None:
    """What their stacks declared keeps running."""
    selection = select(
        FileChange(PurePosixPath("stacks/Pulumi.gone.yaml"), is_deleted=True),
        FileChange(
            PurePosixPath("stacks/Pulumi.team2.yaml"), PurePosixPath("stacks/Pulumi.old.yaml")
        ),
        FileChange(
            PurePosixPath("archive/Pulumi.left.yaml"), PurePosixPath("stacks/Pulumi.left.yaml")
        ),
    )
    assert selection.deleted == ["gone", "left"]
    assert selection.renamed == [("old", "team2")]
