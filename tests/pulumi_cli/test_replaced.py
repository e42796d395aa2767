"""A recording that somebody replaces by force: the engine asks no provider whether that is wise."""

from __future__ import annotations

import pytest

from tests.pulumi_cli.project import Project
from tests.scenarios.steps import LIVE, EmulatedApi

pytestmark = pytest.mark.engine


def test_one_that_is_replaced_by_force_is_stopped_before_the_next_is_started(
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
    urns = [one["urn"] for one in project.recordings().values()]
    project.up(*(f"--replace={urn}" for urn in urns))
    _all_in_the_state(project, emulated_api, started=4)
    project.must("state", "taint", *urns, "--yes")
    project.up()
    _all_in_the_state(project, emulated_api, started=6)

    left = project.recordings()["leaver"]["id"]
    project.must("destroy", "--yes", "--skip-preview", "--run-program")
    assert _live(emulated_api) == {left}


def _all_in_the_state(project: Project, emulated_api: EmulatedApi, *, started: int) -> None:
    assert len(emulated_api.control.recordings()) == started
    assert _live(emulated_api) == {one["id"] for one in project.recordings().values()}


def _live(emulated_api: EmulatedApi) -> set[str]:
    return {one.id for one in emulated_api.control.recordings() if one.status in LIVE}
