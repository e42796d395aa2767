"""Storage of a stack that has no app of its own: each of its recordings names one."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.storage.storage_project import Clouds, Storage, StorageProject
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


def test_storage_does_not_guess_whose_recordings_write(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi
) -> None:
    """It is refused before anything is made: a gate that asks nobody would not wait either."""
    storage = clouds.aws()
    _declare(project, storage, emulated_api)
    outcome = project.try_up()
    assert outcome.code != 0
    assert "name whose recordings may write here" in outcome.output
    assert clouds.aws_writers(storage) == []
    assert project.recordings() == {}


def test_a_destroy_that_goes_on_waits_for_the_apps_that_are_named(
    project: StorageProject, clouds: Clouds, emulated_api: EmulatedApi, emulator: EmulatorServer
) -> None:
    """The run before has stopped the recordings, and nothing but ``apps`` tells of them now."""
    storage = clouds.aws(upload_deadline=0.5)
    _declare(project, storage, emulated_api, apps=[_app(emulator)])
    project.up()
    recording_id = project.recordings()["standup"]["id"]
    emulated_api.control.wait_for(recording_id, "RECORDING")
    emulated_api.control.set(upload_seconds=3600)
    for _ in range(2):
        outcome = project.try_destroy()
        assert f"1 recording still writes to aws {storage.bucket}" in outcome.output
        assert project.recordings() == {}
        assert len(clouds.aws_writers(storage)) == 1
    emulated_api.control.advance(3600)
    project.destroy()
    assert len(storage.files()) == 1
    assert clouds.aws_writers(storage) == []


def _declare(
    project: StorageProject, storage: Storage, emulated_api: EmulatedApi, **named: Any
) -> None:
    """Declare a recording that names its app, in a stack that names none."""
    project.configure_with({"realtimekit:accountId": "", "realtimekit:appId": ""})
    project.program(PROGRAM)
    settings = {key: value for key, value in storage.declared.items() if key != "type"}
    meeting = emulated_api.control.create_meeting(participants=1)
    declared = {
        "storage": {"name": storage.name, **settings, **named},
        "recording": {"meeting_id": meeting.id, **_app(project.emulator)},
    }
    (project.folder / "declared.json").write_text(json.dumps(declared), encoding="utf-8")


def _app(emulator: EmulatorServer) -> dict[str, str]:
    return {"account_id": emulator.account_id, "app_id": emulator.app_id}
