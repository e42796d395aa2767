"""A recording that somebody replaces by force: the engine asks no provider whether that is wise."""

from __future__ import annotations

import pytest

from tests.engine.project import Project
from tests.scenarios.steps import LIVE, World

pytestmark = pytest.mark.engine


def test_one_that_is_replaced_by_force_is_stopped_before_the_next_is_started(
    project: Project, world: World
) -> None:
    """By --replace, and as tainted: never is the live recording taken over and then stopped."""
    project.configure(standup={"meeting_id": world.meeting_id, "layers": {"default": {}}})
    project.up()
    urn = project.recordings()["standup"]["urn"]
    project.up("--replace", urn)
    _one_of(2, project, world)
    project.must("state", "taint", urn, "--yes")
    project.up()
    _one_of(3, project, world)


def _one_of(started: int, project: Project, world: World) -> None:
    recordings = world.control.recordings()
    assert len(recordings) == started
    live = [one.id for one in recordings if one.status in LIVE]
    assert live == [project.recordings()["standup"]["id"]]
