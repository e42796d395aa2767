"""A recording that is replaced by force: the engine does not ask the provider's diff."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import LIVE, EmulatedApi

pytestmark = pytest.mark.engine


def test_a_forced_replacement_stops_the_old_recording_before_it_starts_the_new_one(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """By --replace and as tainted, and though a delete would leave it: never are there two."""
    layers = {"default": {"file_name_prefix": "mine"}}
    project.configure(
        standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}},
        leaver={
            "meeting_id": emulated_api.other_meeting_id,
            "layers": layers,
            "on_delete": "leave",
        },
    )
    project.up()
    urns = [one["urn"] for one in project.read_recordings().values()]
    project.up(*(f"--replace={urn}" for urn in urns))
    _check_state(project, emulated_api, started=4)
    project.run("state", "taint", *urns, "--yes")
    project.up()
    _check_state(project, emulated_api, started=6)

    left = project.read_recordings()["leaver"]["id"]
    project.run("destroy", "--yes", "--skip-preview", "--run-program")
    assert _list_live(emulated_api) == {left}


def _check_state(project: Project, emulated_api: EmulatedApi, *, started: int) -> None:
    assert len(emulated_api.control.recordings()) == started
    assert _list_live(emulated_api) == {one["id"] for one in project.read_recordings().values()}


def _list_live(emulated_api: EmulatedApi) -> set[str]:
    return {one.id for one in emulated_api.control.recordings() if one.status in LIVE}


def test_a_deployment_that_continues_on_error_ends_where_the_new_meeting_does_not_exist(
    project: Project, emulated_api: EmulatedApi
) -> None:
    """After a delete that fails the engine would wait forever, so the update is what fails."""
    project.configure(
        standup={"meeting_id": emulated_api.meeting_id, "layers": {"default": {}}},
    )
    project.up()
    before = project.read_recordings()["standup"]["id"]
    project.configure(
        standup={"meeting_id": "mistyped", "layers": {"default": {}}},
        other={"meeting_id": emulated_api.other_meeting_id, "layers": {"default": {}}},
    )
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    assert "meeting mistyped does not exist in app " in outcome.output
    assert f"has no meeting mistyped, so recording {before} was not stopped" in outcome.output
    assert "Pulumi does not end by itself" not in outcome.output
    assert project.read_recordings()["standup"]["id"] == before
    assert emulated_api.live_count == 2
