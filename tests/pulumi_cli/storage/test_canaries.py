"""A refusal shows no value: every input of every resource and component is given a secret."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.pulumi_cli.storage.support.canaries import (
    CANARY,
    CASES,
    CLASSES,
    SECRET,
    Case,
    Input,
    find_leak,
    find_refused_paths,
    list_arguments,
)
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject

PROGRAM = f"""
import json
from pathlib import Path

import pulumi
import realtimekit_provider
from realtimekit_provider import storage
from realtimekit_provider.storage.gate import resource as gate
from realtimekit_provider.storage.location import resource as location
from realtimekit_provider.storage.writer import resource as writer


def restore_secrets(value):
    if isinstance(value, list):
        return [restore_secrets(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if {SECRET!r} in value:
        return pulumi.Output.secret(value[{SECRET!r}])
    return {{key: restore_secrets(inner) for key, inner in value.items()}}


kind, inputs = json.loads(Path("inputs.json").read_text())
rooms = (realtimekit_provider, storage, gate, location, writer)
declare = next(getattr(room, kind) for room in rooms if hasattr(room, kind))
declare("canary", **restore_secrets(inputs))
"""
VERBOSE = ("--logtostderr", "--logflow", "-v=7")


@pytest.mark.engine
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", CASES)
def test_a_refusal_shows_no_value(name: str, project: StorageProject, clouds: Clouds) -> None:
    """All at once, then those whose failures were hidden, until each was refused by its path.

    Nothing is created of what is refused, so nothing of it is in the state.
    """
    case = CASES[name]
    valid = _build_valid_inputs(clouds).get(case.kind, {})
    project.write_program(PROGRAM)
    outputs: list[str] = []
    remaining, attempts, turn = list(case.invalid), 0, 0
    while remaining and attempts < len(case.values):
        _write_inputs(project, case, remaining, turn, valid)
        preview = project.try_run("preview", "--suppress-progress", *VERBOSE)
        outputs.append(preview.output)
        refused = [
            path for path in remaining if case.is_refused(path, find_refused_paths(preview.output))
        ]
        if refused:
            up = project.try_up(*VERBOSE)
            outputs.append(up.output)
            assert preview.code != 0
            assert up.code != 0
        remaining = [path for path in remaining if path not in refused]
        attempts, turn = 0 if refused else attempts + 1, turn + 1
    stored = [project.run("stack", "export"), *_files(project)]
    assert [*filter(None, map(find_leak, [*outputs, *stored]))] == []
    assert remaining == [], outputs[-1][-2000:]


def test_every_input_is_in_a_case() -> None:
    """Of every class that a program can declare, each argument."""
    tried = {(case.kind, str(path[0])) for case in CASES.values() for path in case.invalid}
    assert tried == {(kind, name) for kind in CLASSES for name in list_arguments(kind)}
    assert len(CLASSES) >= 9
    assert len({(case.kind, path) for case in CASES.values() for path in case.invalid}) >= 160


@pytest.mark.parametrize("before", range(4))
def test_a_leak_would_be_found(before: int) -> None:
    """In clear, in JSON and in base64, wherever it begins."""
    text = "x" * before + CANARY + "y"
    assert find_leak(json.dumps({"secret": text}))
    assert find_leak(base64.b64encode(text.encode()).decode())
    assert find_leak("x" * 500) is None


def _write_inputs(
    project: StorageProject, case: Case, invalid: list[Input], turn: int, valid: Mapping[str, Any]
) -> None:
    inputs = [case.kind, case.build_inputs(invalid, turn, valid)]
    (project.folder / "inputs.json").write_text(json.dumps(inputs), encoding="utf-8")


def _files(project: StorageProject) -> Iterator[str]:
    """Yield what the engine keeps: state, history, backups, its own home."""
    for folder in ("state", "home", "stacks"):
        for file in (project.folder / folder).rglob("*"):
            if file.is_file():
                yield file.read_bytes().decode(errors="replace")


def _build_valid_inputs(clouds: Clouds) -> Mapping[str, Mapping[str, Any]]:
    """Return what has to be valid, so that what comes after it is checked as well."""
    name, sftp = "canaries", clouds.sftp_server
    account = clouds.azurite.account if clouds.azurite else "acme"
    return {
        "TrackRecording": {"meeting_id": "a-meeting", "layers": {"default": {}}},
        "AwsRecordingBucket": {"bucket": name, "region": "eu-west-1", "tls_only": False},
        "AzureRecordingContainer": {"account": account, "container": name},
        "GcsRecordingBucket": {
            "bucket": name,
            "region": "europe-west1",
            "project": clouds.gcs_server.project,
        },
        "SftpRecordingFolder": {
            "host": sftp.host,
            "port": sftp.port,
            "host_key": sftp.host_key,
            "username": sftp.username,
            "path": name,
            "auth_method": "PASSWORD",
            "password": sftp.password,
        },
        "SpacesRecordingBucket": {
            "bucket": f"{name}-spaces",
            "region": "SGP1",
            "access_key": "an-id",
            "secret": "a-secret",
        },
    }
