"""Every input of every resource and component, secret and refused: a refusal shows no value."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.pulumi_cli.storage.canaries import (
    CANARY,
    CASES,
    CLASSES,
    SECRET,
    Case,
    Input,
    arguments_of,
    betrays,
    refused_in,
)
from tests.pulumi_cli.storage.storage_project import Clouds, StorageProject

PROGRAM = f"""
import json
from pathlib import Path

import pulumi
import realtimekit_provider
from realtimekit_provider import storage
from realtimekit_provider.storage import resources as storage_resources


def as_given(value):
    if isinstance(value, list):
        return [as_given(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if {SECRET!r} in value:
        return pulumi.Output.secret(value[{SECRET!r}])
    return {{key: as_given(inner) for key, inner in value.items()}}


kind, inputs = json.loads(Path("given.json").read_text())
rooms = (realtimekit_provider, storage, storage_resources)
declare = next(getattr(room, kind) for room in rooms if hasattr(room, kind))
declare("canary", **as_given(inputs))
"""
LOUD = ("--logtostderr", "--logflow", "-v=7")


@pytest.mark.engine
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", CASES)
def test_a_refusal_shows_no_value(name: str, project: StorageProject, clouds: Clouds) -> None:
    """All at once, then those that others stood before, until each was refused by its path.

    Nothing is created of what is refused, so nothing of it is in the state.
    """
    case = CASES[name]
    right = _right(clouds).get(case.kind, {})
    project.program(PROGRAM)
    said: list[str] = []
    left, fruitless, turn = list(case.wrong), 0, 0
    while left and fruitless < len(case.shapes):
        _give(project, case, left, turn, right)
        preview = project.pulumi("preview", "--suppress-progress", *LOUD)
        said.append(preview.output)
        refused = [way for way in left if case.is_refused(way, refused_in(preview.output))]
        if refused:
            up = project.try_up(*LOUD)
            said.append(up.output)
            assert preview.code != 0
            assert up.code != 0
        left = [way for way in left if way not in refused]
        fruitless, turn = 0 if refused else fruitless + 1, turn + 1
    kept = [project.must("stack", "export"), *_files(project)]
    assert [*filter(None, map(betrays, [*said, *kept]))] == []
    assert left == [], said[-1][-2000:]


def test_every_input_is_among_them() -> None:
    """Of every class that a program can declare, each argument."""
    tried = {(case.kind, str(way[0])) for case in CASES.values() for way in case.wrong}
    assert tried == {(kind, name) for kind in CLASSES for name in arguments_of(kind)}
    assert len(CLASSES) >= 9
    assert len({(case.kind, way) for case in CASES.values() for way in case.wrong}) >= 160


@pytest.mark.parametrize("before", range(4))
def test_it_would_be_found(before: int) -> None:
    """In clear, in JSON and in base64, wherever it begins."""
    text = "x" * before + CANARY + "y"
    assert betrays(json.dumps({"secret": text}))
    assert betrays(base64.b64encode(text.encode()).decode())
    assert betrays("x" * 500) is None


def _give(
    project: StorageProject, case: Case, wrong: list[Input], turn: int, right: Mapping[str, Any]
) -> None:
    given = [case.kind, case.given(wrong, turn, right)]
    (project.folder / "given.json").write_text(json.dumps(given), encoding="utf-8")


def _files(project: StorageProject) -> Iterator[str]:
    """Yield what the engine keeps: state, history, backups, its own home."""
    for folder in ("state", "home", "stacks"):
        for file in (project.folder / folder).rglob("*"):
            if file.is_file():
                yield file.read_bytes().decode(errors="replace")


def _right(clouds: Clouds) -> Mapping[str, Mapping[str, Any]]:
    """What has to be right, so that what comes after it is checked as well."""
    name, sftp = "canaries", clouds.sftp_server
    account = clouds.azurite.account if clouds.azurite else "acme"
    return {
        "TrackRecording": {"meeting_id": "a-meeting", "layers": {"default": {}}},
        "AwsRecordingBucket": {"bucket": name, "region": "eu-west-1"},
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
