"""A live recording that its declaration protects from being replaced."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.support.clouds import Clouds
from tests.pulumi_cli.storage.support.storage_project import StorageProject, build_recording

pytestmark = pytest.mark.engine


def test_a_protected_recording_keeps_its_storage(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Another bucket would be another recording: preview and up refuse it before any change."""
    meeting = control.create_meeting(participants=1).id
    recordings = {
        "standup": {**build_recording(meeting, "strongroom"), "replace_live": "refuse"},
    }
    before = clouds.declare_aws()
    project.declare({"strongroom": before}, recordings)
    project.up()
    running = project.read_recordings()["standup"]["id"]
    control.wait_for(running, "RECORDING")

    project.declare({"strongroom": clouds.declare_aws()}, recordings)
    previewed = project.try_run("preview")
    refused = project.try_up()
    for outcome in (previewed, refused):
        assert outcome.code != 0
        assert "replace_live is 'refuse'" in outcome.output
    assert [(one.id, one.status) for one in control.recordings()] == [(running, "RECORDING")]
