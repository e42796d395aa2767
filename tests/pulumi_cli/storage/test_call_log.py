"""The verbose flags of the CLI show each call of the API and of the clouds, and no credential."""

from __future__ import annotations

import re

import pytest

from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.credentials import find_credentials, find_leaks
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

EXPECTED = {
    "RealtimeKit": "POST",
    "S3": "PUT",
    "IAM": "POST",
    "Google": "POST",
    "SFTP": "makedirs",
}
LINE = re.compile(
    r"(\w+): (\w+) (\S+) (?:answered|failed with) \S+ after \d+\.\d{3} s \(attempt \d+"
)


def test_calls_are_shown_under_debug_without_credentials(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """Of the API, S3, IAM, Google, Azure and SFTP; also through ``--logflow``; else none."""
    storage = {
        "aws": clouds.declare_aws(),
        "gcs": clouds.declare_gcs(),
        "digitalocean": clouds.declare_spaces(),
        "sftp": clouds.declare_sftp(),
        **({"azure": clouds.declare_azure()} if clouds.azurite else {}),
    }
    meeting = emulated_api.control.create_meeting(participants=1)
    project.declare(storage, {"one": build_recording(meeting.id, *storage)})
    outputs = {"up": project.up("--debug")}
    credentials = find_credentials(project.read_resources("--show-secrets"))
    outputs["refresh"] = project.refresh("--logtostderr", "--logflow", "-v=3")
    quiet = project.refresh()
    outputs["destroy"] = project.destroy("--debug", "--logtostderr", "--logflow", "-v=7")

    expected = {**EXPECTED, **({"Azure": "PUT"} if clouds.azurite else {})}
    lines = [found.groups() for found in LINE.finditer(outputs["up"])]
    assert expected.items() <= {(service, method) for service, method, _ in lines}
    assert not any("?" in path for _, _, path in lines)
    for output in ("refresh", "destroy"):
        found = {service for service, _, _ in LINE.findall(outputs[output])}
        assert found >= {"RealtimeKit", "S3", "Google", "SFTP"}
    assert LINE.search(quiet) is None

    rows = [line for line in outputs["up"].splitlines() if "RealtimeKit: POST" in line]
    assert "TrackRecording one creating" in rows[0]
    assert len(credentials) >= len(storage)
    token = project.emulator.token
    assert find_leaks(outputs, {*credentials, token, clouds.moto.admin_secret}) == {}
