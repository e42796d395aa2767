"""Which stacks a change is about."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

import pytest

from realtimekit_provider.cli.stack_files.git_changes import FileChange
from realtimekit_provider.cli.stack_files.selection import (
    Selection,
    select_stacks,
    split_into_chunks,
)

STACKS = [f"team{number}" for number in range(400)]


def select(
    *paths: str | FileChange,
    project: str = ".",
    config_folder: str = "stacks",
    ignored: Sequence[str] = (),
) -> Selection:
    """Return what changes of these files are about."""
    changes = [
        one if isinstance(one, FileChange) else FileChange(PurePosixPath(one)) for one in paths
    ]
    folder = PurePosixPath(project) / config_folder
    return select_stacks(STACKS, changes, folder, ignored=[PurePosixPath(one) for one in ignored])


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


@pytest.mark.parametrize(
    "path", ["docs/a.md", "infra/CHANGELOG.md", "LICENSE", ".github/CODEOWNERS", "tests/test_a.py"]
)
def test_a_page_concerns_no_stack(path: str) -> None:
    """A deployment for each typing mistake would be noise."""
    selection = select(path, project="infra")
    assert (selection.stacks, selection.reason) == ([], "nothing that concerns a stack changed")


@pytest.mark.parametrize(
    "path",
    [
        "program/__main__.py",
        "requirements.txt",
        "uv.lock",
        "shared/names.py",
        "shared",
        "infra/docs/__init__.py",
        "infra/tests/rooms.py",
        "infra/pipelines/test_rooms.py",
        "infra/LICENSE_KEYS.py",
        "other/stacks/Pulumi.team1.yaml",
        ".github/workflows/recordings-deploy.yml",
        ".gitmodules",
        'infra/"a\nb".py',
    ],
)
def test_every_other_file_concerns_every_stack(path: str) -> None:
    """Beside the project and above it too: a program may read, import or install anything."""
    for change in (FileChange(PurePosixPath(path)), FileChange(PurePosixPath(path), None, True)):
        assert select(change, project="infra").stacks == sorted(STACKS)
    moved = FileChange(PurePosixPath("README.md"), PurePosixPath(path))
    assert select(moved, project="infra").stacks == sorted(STACKS)


def test_the_projects_own_file_is_no_stacks() -> None:
    """Where the stacks' files stand beside it."""
    assert select("Pulumi.team1.yaml", config_folder=".").stacks == ["team1"]
    assert select("Pulumi.yaml", config_folder=".").stacks == sorted(STACKS)


def test_an_ignored_folder_concerns_no_stack() -> None:
    """In a repository with several projects; a stack's file in it still is one."""
    changed = ("web/main.js", "infra/stacks/Pulumi.team1.yaml")
    ignored = ("./web/", "infra")
    assert select(*changed, project="infra", ignored=ignored).stacks == ["team1"]
    assert select(*changed, "website.js", project="infra", ignored=ignored).stacks != ["team1"]


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
