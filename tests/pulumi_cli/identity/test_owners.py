"""Two states with the same names on one account, and one state that goes elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.polling import wait_until
from tests.pulumi_cli.support.interrupted_deployment import watch_deployment
from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import LIVE, EmulatedApi

pytestmark = pytest.mark.engine

LAYERS: dict[str, Any] = {
    "generated prefix": {"default": {}},
    "own prefix with the mark": {"default": {"file_name_prefix": "standup_{mark}"}},
}


@pytest.fixture
def namesake(template: Path, tmp_path: Path, project: Project) -> Project:
    """The same project and stack in another backend, as a second person has it."""
    return Project.copy_template(template, tmp_path / "namesake", project.emulator)


@pytest.mark.parametrize("layers", LAYERS.values(), ids=LAYERS)
def test_a_state_with_the_same_names_touches_nothing_of_the_first(
    layers: dict[str, Any], project: Project, namesake: Project, emulated_api: EmulatedApi
) -> None:
    """It is refused like any other owner, and its destroy stops nothing."""
    inputs = {"meeting_id": emulated_api.meeting_id, "layers": layers, "on_conflict": "adopt"}
    project.configure(standup=inputs)
    project.up()
    first = project.read_recordings()["standup"]
    namesake.configure(standup=inputs)
    with project.collect_calls() as calls:
        refused = namesake.try_up()
        namesake.destroy()
    assert refused.code != 0
    assert f"already has an active recording, {first['id']}" in refused.output
    assert f"the mark {first['inputs']['mark']} of another stack" in refused.output
    assert "act_on_recording" not in calls
    project.up("--expect-no-changes")
    assert emulated_api.live_count == 1


@pytest.mark.parametrize("route", ["active_recording", "start_track"])
def test_after_a_kill_the_first_deployment_continues_under_the_same_identity(
    route: str, project: Project, emulated_api: EmulatedApi
) -> None:
    """It is in the state before anything is asked or started, so the marks are the same."""
    control = emulated_api.control
    control.add_fault("slow", route=route, effect="after", seconds=3600)
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    with watch_deployment(project.start_up()) as deployment:
        wait_until(lambda: control.counts().of(route) == 1)
        deployment.kill()
    identity = project.read_identity()
    control.clear_faults()
    project.run("cancel", "--yes")
    project.up()
    assert project.read_identity() == identity
    stored = project.read_recordings()["standup"]
    assert stored["inputs"]["mark"].startswith(f"rk{identity}")
    assert [one.id for one in control.recordings()] == [stored["id"]]


def test_a_moved_recording_keeps_its_mark(project: Project, emulated_api: EmulatedApi) -> None:
    """Taken out of the source's config, it is the destination's, and nothing is called."""
    declared = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    stays = {**declared, "meeting_id": emulated_api.other_meeting_id}
    project.configure(standup=declared, retro=stays)
    project.up()
    moved = project.read_recordings()["standup"]
    destination = project.add_stack("other")
    with project.collect_calls() as calls:
        project.run(
            "state", "move", "--yes", "--source", project.stack, "--dest", "other", moved["urn"]
        )
        project.configure(retro=stays)
        project.up("--expect-no-changes")
        destination.configure(standup=declared)
        destination.up()
    assert calls == []
    after = destination.read_recordings()["standup"]
    assert (after["id"], after["inputs"]["mark"]) == (moved["id"], moved["inputs"]["mark"])
    assert destination.read_identity() != project.read_identity()
    assert emulated_api.live_count == 2


def test_a_source_that_still_declares_what_was_moved_reads_how_to_give_it_up(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """It takes the recording over, as nobody can tell this from a kill; then the advice works."""
    declared = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    project.configure(standup=declared)
    project.up()
    moved = project.read_recordings()["standup"]
    destination = project.add_stack("other")
    project.run(
        "state", "move", "--yes", "--source", project.stack, "--dest", "other", moved["urn"]
    )
    assert "If the resource was moved to another stack" in project.up()
    project.run("state", "delete", "--yes", moved["urn"])
    project.write_config({"realtimekit:recordings": {}, "realtimekit:allowEmpty": True})
    project.up()
    destination.configure(standup=declared)
    destination.up()
    assert destination.read_recordings()["standup"]["id"] == moved["id"]
    assert emulated_api.live_count == 1


def test_an_imported_state_is_the_same_owner(
    project: Project, namesake: Project, emulated_api: EmulatedApi
) -> None:
    """In another backend too: nothing is planned, and its destroy stops the recording."""
    project.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    project.up()
    exported = project.run("stack", "export", "--show-secrets")
    (namesake.folder / "state.json").write_text(exported, encoding="utf-8")
    namesake.configure(standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}})
    namesake.run("stack", "import", "--file", "state.json")
    namesake.up("--expect-no-changes")
    assert namesake.read_identity() == project.read_identity()
    namesake.destroy()
    assert {one.status for one in emulated_api.control.recordings()}.isdisjoint(LIVE)


def test_a_new_resource_with_the_old_name_of_another_is_refused(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """It would have the mark that the renamed one keeps."""
    declared = {"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}}
    project.configure(standup=declared)
    project.up()
    urn = project.read_recordings()["standup"]["urn"]
    project.run("state", "rename", "--yes", urn, "daily")
    other = {**declared, "meeting_id": emulated_api.other_meeting_id}
    project.configure(daily=declared, standup=other)
    refused = project.try_up()
    assert refused.code != 0
    assert "has the same mark" in refused.output
    # Whichever of the two the engine asked about first may have started already.
    third = emulated_api.control.create_meeting(participants=1).id
    project.configure(daily=declared, weekly={**declared, "meeting_id": third})
    project.up()
    assert emulated_api.live_count == 2
