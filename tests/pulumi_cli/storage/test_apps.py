"""Storage in a stack without an app: each of its recordings names one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.storage.support.clouds import Clouds, Storage
from tests.pulumi_cli.storage.support.storage_project import StorageProject
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

PROGRAM = """
import json
from pathlib import Path

from realtimekit_provider import TrackRecording
from realtimekit_provider.storage import AwsRecordingBucket

declared = json.loads(Path("declared.json").read_text())
storage = AwsRecordingBucket(**declared["storage"])
output = {"type": "STORAGE_CONFIG", "storage_config": storage.storage_config}
TrackRecording("standup", **declared["recording"], layers={"default": {"outputs": [output]}})
"""


def test_storage_without_apps_is_refused(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """It is refused before anything is made: a gate without an app could not wait for uploads."""
    storage = clouds.declare_aws()
    _declare(project, storage, emulated_api)
    outcome = project.try_up()
    assert outcome.code != 0
    assert "name whose recordings may write here" in outcome.output
    assert clouds.list_aws_writers(storage) == []
    assert project.read_recordings() == {}


def test_a_repeated_destroy_waits_for_the_named_apps(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi, emulator: EmulatorServer
) -> None:
    """The first run has stopped the recordings; afterwards only ``apps`` says where to look."""
    storage = clouds.declare_aws(upload_deadline=0.5)
    _declare(project, storage, emulated_api, apps=[_build_app(emulator)])
    project.up()
    recording_id = project.read_recordings()["standup"]["id"]
    emulated_api.control.wait_for(recording_id, "RECORDING")
    emulated_api.control.set(upload_seconds=3600)
    for _ in range(2):
        outcome = project.try_destroy()
        assert f"1 recording still writes to aws {storage.bucket}" in outcome.output
        assert project.read_recordings() == {}
        assert len(clouds.list_aws_writers(storage)) == 1
    emulated_api.control.advance(3600)
    project.destroy()
    assert len(storage.files()) == 1
    assert clouds.list_aws_writers(storage) == []


def _declare(
    project: StorageProject, storage: Storage, emulated_api: EmulatedApi, **arguments: Any
) -> None:
    """Declare a recording that names its app, in a stack that names none."""
    project.write_config({"realtimekit:accountId": "", "realtimekit:appId": ""})
    project.write_program(PROGRAM)
    settings = {key: value for key, value in storage.declared.items() if key != "type"}
    meeting = emulated_api.control.create_meeting(participants=1)
    declared = {
        "storage": {"name": storage.name, **settings, **arguments},
        "recording": {"meeting_id": meeting.id, **_build_app(project.emulator)},
    }
    (project.folder / "declared.json").write_text(json.dumps(declared), encoding="utf-8")


def _build_app(emulator: EmulatorServer) -> dict[str, str]:
    return {"account_id": emulator.account_id, "app_id": emulator.app_id}
