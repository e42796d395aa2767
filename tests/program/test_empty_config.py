"""A config that declares nothing is refused, with what nearly fits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pulumi
import pytest
import yaml

from realtimekit_provider.program.empty_config import (
    StackFiles,
    describe_empty_config,
    find_stack_files,
)
from realtimekit_provider.program.load import load
from tests.example_values import ACCOUNT, APP
from tests.program.stack_config import KEY, Config, standup

KEYS = ("realtimekit:storage", "realtimekit:recordings")
THERE = StackFiles("stacks/Pulumi.dev.yaml", exists=True)
MISSING = StackFiles("stacks/Pulumi.dev.yaml", exists=False)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"realtimekit:accountId": ACCOUNT},
        {"realtimeKit:recordings": json.dumps(standup())},
        {"realtimekit:layers": '{"default": {}}'},
    ],
)
def test_a_config_without_a_declaring_key_is_refused(values: dict[str, str]) -> None:
    """A deployment of it would delete everything that the stack has."""
    with pytest.raises(pulumi.RunError, match="declares nothing: it has neither") as raised:
        load(Config(values))
    assert f"'{KEY}: {{}}'" in str(raised.value)


@pytest.mark.parametrize("key", KEYS)
def test_an_encrypted_section_is_not_an_empty_config(key: str) -> None:
    """It is there, and refused for what it is."""
    with pytest.raises(pulumi.RunError, match="hides it from reviewers"):
        load(Config({}, {key: "{}"}))


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("realtimeKit:recordings", "realtimekit:recordings"),
        ("acme:storage", "realtimekit:storage"),
        ("realtimekit:Recording", "realtimekit:recordings"),
    ],
)
def test_a_key_that_nearly_fits_is_named(key: str, meant: str) -> None:
    """In another case, another namespace, or with a slip of the finger."""
    text = describe_empty_config(KEYS, {key, "aws:region"}, THERE)
    assert f"{key} is not read: write {meant}" in text
    assert "aws:region" not in text


def test_the_file_that_was_looked_for_is_named() -> None:
    """With whether it is there."""
    assert "recording into stacks/Pulumi.dev.yaml\n" in describe_empty_config(KEYS, (), THERE)
    text = describe_empty_config(KEYS, (), MISSING)
    assert "reads stacks/Pulumi.dev.yaml, which does not exist" in text
    assert "stack_settings" in text


@pytest.mark.parametrize("keys", [(), ("realtimekit:accountId",)])
def test_the_example_of_a_first_recording_is_a_config_that_works(keys: Sequence[str]) -> None:
    """Once it has the ids; it leaves out those that are set."""
    _, *lines = describe_empty_config(KEYS, keys, THERE).splitlines()
    example = yaml.safe_load("\n".join(line for line in lines if line.startswith("    ")))
    given = {"realtimekit:accountId": ACCOUNT, "realtimekit:appId": APP}
    values = {**example["config"], **given, KEY: json.dumps(example["config"][KEY])}
    assert given.keys() - example["config"].keys() == {*keys}
    assert list(load(Config(values)).recordings) == ["standup"]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("stackConfigDir: stacks\n", "stacks/Pulumi.dev.yaml"),
        ('name: acme\nstackConfigDir: "stacks" # here\n', "stacks/Pulumi.dev.yaml"),
        ("name: acme\n", "Pulumi.dev.yaml"),
    ],
)
def test_a_stack_file_in_another_folder_is_found(
    tmp_path: Path, folder: str, expected: str
) -> None:
    """Beside the folder that Pulumi reads, or in another one."""
    (tmp_path / "Pulumi.yaml").write_text(folder, encoding="utf-8")
    for other in (".", "stacks", "config"):
        (tmp_path / other).mkdir(exist_ok=True)
        (tmp_path / other / "Pulumi.dev.yaml").write_text("config: {}", encoding="utf-8")
    found = find_stack_files(tmp_path, "dev")
    assert found == find_stack_files(tmp_path / "config", "dev")
    assert (found.expected, found.exists) == (expected, True)
    assert {expected, *found.others} == {
        "Pulumi.dev.yaml",
        "stacks/Pulumi.dev.yaml",
        "config/Pulumi.dev.yaml",
    }
    text = describe_empty_config(KEYS, (), found)
    assert f"config/Pulumi.dev.yaml exists, but is not read: move it to {expected}" in text


@pytest.mark.parametrize(
    ("path", "advice"),
    [
        ("stacks/Pulumi.dev.yml", "rename it to stacks/Pulumi.dev.yaml"),
        ("stacks/pulumi.dev.yaml", "rename it to stacks/Pulumi.dev.yaml"),
        ("stacks/dev.yaml", "rename it to stacks/Pulumi.dev.yaml"),
        ("Pulumi.dev.yml", "move it to stacks/Pulumi.dev.yaml"),
    ],
)
def test_a_file_of_nearly_that_name_is_found(tmp_path: Path, path: str, advice: str) -> None:
    """Pulumi made the expected one a moment ago, since there was none of that name."""
    (tmp_path / "stacks").mkdir()
    (tmp_path / "Pulumi.yaml").write_text("stackConfigDir: stacks\n", encoding="utf-8")
    (tmp_path / "stacks/Pulumi.dev.yaml").write_text("encryptionsalt: v1:A=\n", encoding="utf-8")
    (tmp_path / path).write_text("config:\n  realtimekit:recordings: {}\n", encoding="utf-8")
    text = describe_empty_config(KEYS, (), find_stack_files(tmp_path, "dev"))
    assert f"{path} exists, but is not read: {advice}\n" in text
    assert "reads stacks/Pulumi.dev.yaml, which exists and sets nothing: Pulumi itself" in text


def test_a_folder_with_a_leading_slash_is_below_the_project(tmp_path: Path) -> None:
    """As Pulumi takes it; the file that is in the folder of that name is told."""
    project, folder = tmp_path / "project", tmp_path / "stacks"
    for one in (project, folder):
        one.mkdir()
    (project / "Pulumi.yaml").write_text(f"stackConfigDir: {folder}\n", encoding="utf-8")
    (folder / "Pulumi.dev.yaml").write_text("config: {}", encoding="utf-8")
    found = find_stack_files(project, "dev")
    assert (found.expected, found.exists) == (f"{folder}/Pulumi.dev.yaml"[1:], False)
    assert found.others == (f"{folder}/Pulumi.dev.yaml",)


def test_a_folder_next_to_the_project_is_found(tmp_path: Path) -> None:
    """With the dots that lead to it."""
    (tmp_path / "Pulumi.yaml").write_text("stackConfigDir: ../stacks\n", encoding="utf-8")
    found = find_stack_files(tmp_path, "dev")
    assert (found.expected, found.exists) == ("../stacks/Pulumi.dev.yaml", False)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Pulumi.yml", "name: acme\nstackConfigDir: stacks\n"),
        ("Pulumi.json", '{"name": "acme", "runtime": "python",\n  "stackConfigDir": "stacks"}'),
    ],
)
def test_every_name_of_a_project_file_is_known(tmp_path: Path, name: str, content: str) -> None:
    """The stack's file has its ending."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = find_stack_files(tmp_path, "dev")
    assert found.expected == f"stacks/Pulumi.dev{Path(name).suffix}"
    assert f"stackConfigDir out of {name}" in describe_empty_config(KEYS, (), found)


def test_a_project_without_files_has_none(tmp_path: Path) -> None:
    """An inline program of the Automation API may have no project's file."""
    assert find_stack_files(tmp_path, "dev") == StackFiles("Pulumi.dev.yaml", exists=False)
