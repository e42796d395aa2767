"""Outputs as arguments: a program that gives one to every argument can be previewed."""

from __future__ import annotations

import ast
import inspect
import json
from pathlib import Path

import pytest

import realtimekit_provider
from realtimekit_provider import storage
from tests.example_values import STORAGE
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject

PROGRAM = Path(__file__).parents[2] / "typing" / "every_argument_an_output.py"


@pytest.mark.engine
def test_a_program_of_unknown_outputs_can_be_previewed(
    project: StorageProject, clouds: Clouds
) -> None:
    """Its arguments pass the check, and each resource is to be created."""
    given = {
        "service_account": STORAGE["gcs"]["secret"],
        "connection_string": STORAGE["azure"]["access_key"],
        "private_key": clouds.sftp_server.encrypted_private_key,
        "host_key": clouds.sftp_server.host_key,
    }
    (project.folder / "given.json").write_text(json.dumps(given), encoding="utf-8")
    project.write_config({"realtimekit:trackApi": "managed"})
    project.write_program(PROGRAM.read_text(encoding="utf-8"))
    preview = json.loads(project.run("preview", "--json", "--suppress-progress"))
    planned = {step["urn"].rsplit("::")[-1]: step["op"] for step in preview["steps"]}
    assert set(planned.values()) == {"create"}
    assert {"aws-gate", "azure-gate", "gcs-gate", "sftp-gate", "spaces-gate"} <= planned.keys()
    assert {"gate", "outputs", "typed", "plain"} <= planned.keys()


def test_the_program_gives_every_argument_an_output() -> None:
    """Of every class that is exported; none of them is plain."""
    calls = _read_calls()
    classes = {
        name: getattr(room, name)
        for room in (realtimekit_provider, storage)
        for name in room.__all__
        if not name.endswith("ArgsDict")
    }
    for name, exported in classes.items():
        arguments = {*inspect.signature(exported).parameters} - {"name", "resource_name", "opts"}
        assert arguments == set(calls[name]), name


def _read_calls() -> dict[str, list[str]]:
    """Return the arguments that are outputs, by the class that they are given to."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(ast.parse(PROGRAM.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            outputs = [
                keyword.arg
                for keyword in node.keywords
                if keyword.arg
                and (ast.unparse(keyword.value) == "apps" or _is_output(keyword.value))
            ]
            found.setdefault(node.func.id, []).extend(outputs)
    return found


def _is_output(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "later"
    )
