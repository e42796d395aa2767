"""What becomes of live recordings when a stack's config is edited or moved."""

from __future__ import annotations

import shutil

import pytest

from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine


def test_a_config_in_another_folder_stops_nothing(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Pulumi reads nothing then, and a program that declared nothing would delete everything."""
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    project.up()
    read = project.config_file
    shutil.move(read, project.folder)
    with project.collect_calls() as calls:
        outcome = project.try_up()
    assert outcome.code != 0
    assert "the stack's config declares nothing" in outcome.output
    assert "Pulumi.test.yaml exists, but is not read" in outcome.output
    assert "Traceback" not in outcome.output
    assert calls == []
    shutil.move(project.folder / read.name, read)
    project.up("--expect-no-changes")


def test_a_recording_is_renamed_by_an_alias_in_its_config(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Also where its layers become shared ones: nothing is started or stopped."""
    standup = {"meeting_id": emulated_api.meeting_id}
    project.configure(standup={**standup, "layers": {"default": {}}})
    project.up()
    before = project.read_recordings()["standup"]
    project.write_config(
        {
            "realtimekit:layers": {"default": {}},
            "realtimekit:recordings": {"daily": {**standup, "aliases": ["standup"]}},
        }
    )
    with project.collect_calls() as calls:
        project.up()
    assert calls == []
    after = project.read_recordings()["daily"]
    assert after["id"] == before["id"]
    assert after["outputs"]["layers"] == before["outputs"]["layers"]
