"""What happens to recordings and meetings from outside the stack."""

from __future__ import annotations

from tests.scenarios.steps import World

__all__ = [
    "a_proxy_answers",
    "dashboard_pauses",
    "dashboard_resumes",
    "everybody_leaves",
    "faults_are_over",
    "it_begins",
    "it_is_deleted",
    "it_is_uploaded",
    "somebody_else_starts",
    "somebody_joins",
    "the_session_ends",
]


def it_begins(world: World) -> None:
    world.control.wait_for(world.newest, "RECORDING")


def it_is_uploaded(world: World) -> None:
    world.control.wait_for(world.newest, "UPLOADED")


def dashboard_pauses(world: World) -> None:
    it_begins(world)
    world.control.force(world.newest, "PAUSED")


def dashboard_resumes(world: World) -> None:
    world.control.force(world.newest, "RECORDING")


def everybody_leaves(world: World) -> None:
    for meeting in (world.meeting_id, world.other_meeting_id):
        if world.control.meeting(meeting).session_id is not None:
            world.control.end_session(meeting)


def the_session_ends(world: World) -> None:
    it_begins(world)
    everybody_leaves(world)
    it_is_uploaded(world)


def somebody_joins(world: World) -> None:
    world.control.join(world.meeting_id)


def somebody_else_starts(world: World) -> None:
    world.foreign_id = world.control.start_recording(world.meeting_id)
    it_begins(world)


def it_is_deleted(world: World) -> None:
    world.control.force(world.newest, "UPLOADED")
    world.control.add_fault("status", route="get_recording", status=404)


def a_proxy_answers(world: World) -> None:
    world.control.add_fault("status", status=404, body="html")


def faults_are_over(world: World) -> None:
    world.control.clear_faults()
