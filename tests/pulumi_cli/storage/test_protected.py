"""A live recording that its declaration protects from being replaced."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.storage.storage_project import Clouds, StorageProject, recorded_to

pytestmark = pytest.mark.engine


def test_a_recording_that_must_not_be_replaced_keeps_its_storage_too(
    project: StorageProject, clouds: Clouds, control: Control
) -> None:
    """Another bucket would be another recording: preview and up say no before anything happens."""
    meeting = control.create_meeting(participants=1).id
    recordings = {
        "standup": {**recorded_to(meeting, "strongroom"), "replace_live": "refuse"},
    }
    before = clouds.aws()
    project.declare({"strongroom": before}, recordings)
    project.up()
    running = project.recordings()["standup"]["id"]
    control.wait_for(running, "RECORDING")

    project.declare({"strongroom": clouds.aws()}, recordings)
    seen = project.pulumi("preview")
    refused = project.try_up()
    for outcome in (seen, refused):
        assert outcome.code != 0
        assert "replace_live is 'refuse'" in outcome.output
    assert [(one.id, one.status) for one in control.recordings()] == [(running, "RECORDING")]
