"""A resource under another name, and two resources that mean the same meeting."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import EmulatedApi

pytestmark = pytest.mark.engine

PROGRAM = """
import json
from collections.abc import Mapping
from pathlib import Path

import pulumi
from realtimekit_provider import TrackRecording

for name, (old, inputs) in json.loads(Path("recordings.json").read_text()).items():
    aliases = [pulumi.Alias(name=old)] if old else None
    TrackRecording(name, opts=pulumi.ResourceOptions(aliases=aliases), **inputs)
"""
"""Each recording by its name: the name that an alias says it had, and its inputs."""


def test_an_alias_keeps_the_recording_and_its_prefix(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """Renamed with an alias, the resource is the same; taking the alias out changes nothing.

    Replaced by force it is stopped, though a delete would leave it, and the next one remembers it.
    """
    inputs = {
        "meeting_id": emulated_api.meeting_id,
        "layers": {"default": {}},
        "on_delete": "leave",
    }
    _declare(project, standup=(None, inputs))
    project.up()
    before = project.read_recordings()["standup"]
    with project.collect_calls() as calls:
        _declare(project, daily=("standup", inputs))
        project.up("--expect-no-changes")
        _declare(project, daily=(None, inputs))
        project.up("--expect-no-changes")
    assert calls == []
    after = project.read_recordings()["daily"]
    assert after["id"] == before["id"]
    assert after["outputs"]["layers"] == before["outputs"]["layers"]
    assert "standup" in after["outputs"]["layers"]["default"]["file_name_prefix"]
    project.up(f"--replace={after['urn']}")
    assert project.read_recordings()["daily"]["outputs"]["previous"]["id"] == before["id"]
    assert emulated_api.live_count == 1


def test_a_rename_without_an_alias_keeps_the_recording_and_asks_the_user(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """The new name neither takes the recording over nor lets the old one stop it, but asks.

    The engine creates the new before it deletes the old: a take-over would be stopped a moment
    later. With adopt_recording_id the new name has it, and the old one leaves it alone.
    """
    inputs = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    adopting = {**inputs, "meeting_id": emulated_api.other_meeting_id, "on_conflict": "adopt"}
    _declare(project, one=(None, inputs), other=(None, adopting))
    project.up()
    ids = {name: stored["id"] for name, stored in project.read_recordings().items()}

    _declare(project, new_one=(None, inputs), new_other=(None, adopting))
    outcome = project.try_up()
    assert outcome.code != 0
    for recording_id in ids.values():
        assert f"adopt_recording_id to '{recording_id}'" in outcome.output
    assert "give it an alias" in outcome.output
    assert _list_live(emulated_api) == set(ids.values())
    assert project.read_recordings().keys() == ids.keys()

    decided = {**inputs, "adopt_recording_id": ids["one"]}
    _declare(project, new_one=(None, decided), new_other=("other", adopting))
    with project.collect_calls() as calls:
        project.up()
    assert "start_track" not in calls
    assert "act_on_recording" not in calls
    assert {name: stored["id"] for name, stored in project.read_recordings().items()} == {
        "new_one": ids["one"],
        "new_other": ids["other"],
    }
    assert _list_live(emulated_api) == set(ids.values())


def test_two_stacks_never_share_a_recording(project: Project, emulated_api: EmulatedApi) -> None:
    """The second stack is refused, also under on_conflict: adopt, and takes nothing with it."""
    inputs = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    project.configure(standup=inputs)
    project.up()
    first = project.read_recordings()["standup"]["id"]
    other = project.add_stack("other")
    other.configure(standup={**inputs, "on_conflict": "adopt"})
    outcome = other.try_up()
    assert outcome.code != 0
    assert "already has an active recording" in outcome.output
    assert first in outcome.output
    other.destroy()
    assert _list_live(emulated_api) == {first}


def test_a_replacement_outlasts_an_api_that_lags(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """While the stopped recording still counts as the active one, it is not taken over."""
    inputs = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    project.configure(standup=inputs)
    project.up()
    old = project.read_recordings()["standup"]["id"]
    emulated_api.control.wait_for(old, "RECORDING")
    emulated_api.control.add_fault("lag", route="active_recording", seconds=1)
    project.configure(standup={**inputs, "max_seconds": 600})
    with project.collect_calls() as calls:
        project.up()
    assert calls.count("active_recording") > 1
    assert calls.count("start_track") == 1
    new = project.read_recordings()["standup"]["id"]
    assert new != old
    assert _list_live(emulated_api) == {new}


def _declare(project: Project, **recordings: tuple[str | None, Mapping[str, object]]) -> None:
    project.write_program(PROGRAM)
    text = json.dumps(recordings)
    (project.folder / "recordings.json").write_text(text, encoding="utf-8")


def _list_live(emulated_api: EmulatedApi) -> set[str]:
    live = {"INVOKED", "RECORDING", "PAUSED"}
    return {one.id for one in emulated_api.control.recordings() if one.status in live}
