"""A program that declares one resource whose inputs are invalid, and what is kept of its runs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.pulumi_cli.storage.support.canaries import SECRET, Case, Input
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.pulumi_cli.support.project import Outcome

__all__ = ["declare_invalid_inputs", "read_kept_texts", "try_preview", "try_up"]

_PROGRAM = f"""
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
_VERBOSE = ("--logtostderr", "--logflow", "-v=7")


def declare_invalid_inputs(
    project: StorageProject, clouds: Clouds, case: Case, invalid: Sequence[Input], turn: int = 0
) -> None:
    """Declare a case's resource with these inputs invalid, in another value each turn."""
    valid = _build_valid_inputs(clouds).get(case.kind, {})
    inputs = [case.kind, case.build_inputs(invalid, turn, valid)]
    (project.folder / "inputs.json").write_text(json.dumps(inputs), encoding="utf-8")
    project.write_program(_PROGRAM)


def try_preview(project: StorageProject) -> Outcome:
    """Preview, and log everything."""
    return project.try_run("preview", "--suppress-progress", *_VERBOSE)


def try_up(project: StorageProject) -> Outcome:
    """Deploy, and log everything."""
    return project.try_up(*_VERBOSE)


def read_kept_texts(project: StorageProject) -> Iterator[str]:
    """Yield what the engine keeps: state, history, backups, its own home."""
    yield project.run("stack", "export")
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
