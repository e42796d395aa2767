"""Long waits, ended by a second Ctrl-C: the next run waits again, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.interrupted_deployment import deploying
from tests.pulumi_cli.project import Project
from tests.scenarios.steps import TIMING

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]

NEVER = 3600
WAITS: Mapping[str, Mapping[str, Any]] = {
    "begins": {"on_no_session": "wait", "session_timeout": NEVER},
    "ends": {"desired_state": "STOPPED", "wait_for_upload": NEVER},
    "follows": {"max_seconds": 600},
}
"""One that waits for somebody to come, one for its files, one for its predecessor to make way."""
ASKED = ("active_session", "get_recording", "active_recording")
"""What is asked again and again meanwhile."""


def test_a_second_interrupt_ends_long_waits_and_the_next_run_goes_on(
    project: Project, control: Control
) -> None:
    """No lock is left; each is started once, stopped once, and the state knows it."""
    meetings = {name: control.create_meeting(participants=1).id for name in WAITS}
    control.end_session(meetings["begins"])
    _declare(project, meetings, {"ends": {}, "follows": {}})
    project.up()
    for one in control.recordings():
        control.wait_for(one.id, "RECORDING")
    control.set(upload_seconds=NEVER, uploading_is_active=True)
    _declare(project, meetings, WAITS)
    with deploying(project.start_up()) as deployment:
        deployment.interrupt_twice(_asked_from_now_on(control))
    assert _statuses(control, meetings.values()) == [[], ["UPLOADING"], ["UPLOADING"]]

    with deploying(project.start_up()) as deployment:
        deployment.waits(_asked_from_now_on(control))
        control.advance(NEVER)
        control.join(meetings["begins"])
        assert deployment.ended() == 0
    stored = project.recordings()
    there = {name: control.recordings(meeting) for name, meeting in meetings.items()}
    stops = {name: [one.event_names.count("stopped") for one in there[name]] for name in WAITS}
    assert stops == {"begins": [0], "ends": [1], "follows": [1, 0]}
    assert {name: one["id"] for name, one in stored.items()} == {
        name: recordings[-1].id for name, recordings in there.items()
    }
    assert stored["ends"]["outputs"]["status"] == "UPLOADED"


def _declare(
    project: Project, meetings: Mapping[str, str], recordings: Mapping[str, Mapping[str, Any]]
) -> None:
    """Declare recordings in a stack that is patient with what is to make way."""
    declared = {
        name: {"meeting_id": meetings[name], "layers": {"default": {}}, **inputs}
        for name, inputs in recordings.items()
    }
    bounds = {**TIMING, "inactive_after_stop": NEVER}
    project.configure_with({"realtimekit:recordings": declared, "realtimekit:timing": bounds})


def _asked_from_now_on(control: Control) -> Callable[[], int]:
    """Return what tells how often each of them has asked at least."""
    before = control.counts()
    return lambda: min(control.counts().of(route) - before.of(route) for route in ASKED)


def _statuses(control: Control, meetings: Collection[str]) -> list[list[str]]:
    return [[one.status for one in control.recordings(meeting)] for meeting in meetings]
