"""A recording in a program: inside a component, after another resource, of a new meeting."""

from __future__ import annotations

import json
import re

import pytest

from tests.pulumi_cli.support.printed_output import extract_diagnostics
from tests.pulumi_cli.support.project import TYPE, Project
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

PROGRAM = """
import json
from pathlib import Path

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider
from realtimekit_provider import LayerArgs, TrackRecording


class MeetingProvider(ResourceProvider):
    def create(self, props):
        return CreateResult(props["title"], {**props, "meeting_id": props["title"]})

    def diff(self, _id, olds, news):
        changed = olds["title"] != news["title"]
        return DiffResult(changed, ["title"] if changed else [], delete_before_replace=True)


class Meeting(Resource):
    meeting_id: pulumi.Output[str]

    def __init__(self, name, title):
        super().__init__(MeetingProvider(), name, {"title": title, "meeting_id": None})


class Room(pulumi.ComponentResource):
    def __init__(self, name, meeting, **inputs):
        super().__init__("acme:index:Room", name)
        options = pulumi.ResourceOptions(parent=self, **inputs)
        self.recording = TrackRecording(
            name,
            meeting_id=meeting.meeting_id,
            layers={"default": LayerArgs()},
            on_no_session="skip",
            opts=options,
        )
        self.register_outputs({"status": self.recording.status})


titles = json.loads(Path("titles.json").read_text())
first = Room("first", Meeting("first", titles[0]))
second = Room("second", Meeting("second", titles[1]), depends_on=[first])
pulumi.export("statuses", [first.recording.status, second.recording.status])
"""
"""Two rooms; the second waits for the first. A meeting's id is known once it has been made."""


def test_a_component_records_a_meeting_that_is_made_with_it(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """What is unknown at preview is no obstacle, names and marks are those of the child."""
    project.write_program(PROGRAM)
    _write_titles(project, emulated_api.meeting_id, emulated_api.other_meeting_id)
    with project.collect_calls() as calls:
        assert "meeting_id   : [unknown]" in project.preview()
        project.up()
        project.up("--expect-no-changes")
    assert calls == ["list_sessions", *["active_recording", "start_track"] * 2]
    posts = [request.body["meeting_id"] for request in emulated_api.control.requests("start_track")]
    assert posts == [emulated_api.meeting_id, emulated_api.other_meeting_id]
    for name, stored in project.read_recordings().items():
        assert stored["urn"].endswith(f"::acme:index:Room${TYPE}::{name}")
        assert stored["inputs"]["resource_urn"] == stored["urn"]
        prefix = stored["outputs"]["layers"]["default"]["file_name_prefix"]
        assert prefix == f"test_{name}_default_{stored['inputs']['mark']}"

    # An unknown meeting may be another one, so the recording is replaced. Its message is on the
    # row of the child.
    empty = emulated_api.control.create_meeting().id
    _write_titles(project, emulated_api.meeting_id, empty)
    preview = project.preview()
    old_meeting = emulated_api.other_meeting_id
    assert re.search(rf'~ meeting_id *: "{old_meeting}" => \[unknown\]', preview)
    assert "+-2 to replace" in preview
    printed = extract_diagnostics(project.up()).partition("TrackRecording (second):\n")[2]
    row = printed.partition("\n\n")[0].splitlines()
    ends, skips = (line.strip() for line in row)
    assert ends.startswith("warning: ends the live recording of meeting")
    assert skips.startswith(f"nothing is started: nobody is in meeting {empty}")
    assert emulated_api.live_count == 1


def test_a_live_recording_goes_on_where_its_new_meeting_is_not_what_was_meant(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """The meeting is unknown until another resource was replaced; the corrected one is no change.

    The recording is asked before its check, and must not be deleted then.
    """
    project.write_program(PROGRAM)
    meetings = emulated_api.meeting_id, emulated_api.other_meeting_id
    _write_titles(project, *meetings)
    project.up()
    _write_titles(project, emulated_api.meeting_id, "mistyped")
    failed = project.try_up()
    assert failed.code != 0
    assert "has no meeting mistyped, so recording" in failed.output
    assert emulated_api.live_count == 2
    _write_titles(project, *meetings)
    with project.collect_calls() as calls:
        project.up()
    assert calls == []
    assert emulated_api.live_count == 2


def _write_titles(project: Project, *meetings: str) -> None:
    (project.folder / "titles.json").write_text(json.dumps(meetings), encoding="utf-8")
