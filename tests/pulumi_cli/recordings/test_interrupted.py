"""Long waits that a second Ctrl-C ends: the next run waits again, and nothing happens twice."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import pytest

from realtimekit_emulator import Control
from tests.pulumi_cli.support.interrupted_deployment import watch_deployment
from tests.pulumi_cli.support.project import Project
from tests.scenarios.steps import TIMING

pytestmark = pytest.mark.engine

NEVER = 3600
WAITS: Mapping[str, Mapping[str, Any]] = {
    "starts": {"on_no_session": "wait", "session_timeout": NEVER},
    "stops": {"desired_state": "STOPPED", "wait_for_upload": NEVER},
    "replaces": {"max_seconds": 600},
}
"""They wait for a participant, for the upload, and until the predecessor is inactive."""
POLLED_ROUTES = ("active_session", "get_recording", "active_recording")
"""The routes that these waits poll."""


def test_a_second_interrupt_ends_long_waits_and_the_next_run_continues(
    project: Project, control: Control
) -> None:
    """No lock is left; each is started once, stopped once, and the state knows it."""
    meetings = {name: control.create_meeting(participants=1).id for name in WAITS}
    control.end_session(meetings["starts"])
    _declare(project, meetings, {"stops": {}, "replaces": {}})
    project.up()
    for one in control.recordings():
        control.wait_for(one.id, "RECORDING")
    control.set(upload_seconds=NEVER, uploading_is_active=True)
    _declare(project, meetings, WAITS)
    with watch_deployment(project.start_up()) as deployment:
        deployment.interrupt_twice(_create_call_counter(control))
    assert _read_list_statuses(control, meetings.values()) == [[], ["UPLOADING"], ["UPLOADING"]]

    with watch_deployment(project.start_up()) as deployment:
        deployment.wait_until_polling(_create_call_counter(control))
        control.advance(NEVER)
        control.join(meetings["starts"])
        assert deployment.wait_for_exit() == 0
    stored = project.read_recordings()
    found = {name: control.recordings(meeting) for name, meeting in meetings.items()}
    stops = {name: [one.event_names.count("stopped") for one in found[name]] for name in WAITS}
    assert stops == {"starts": [0], "stops": [1], "replaces": [1, 0]}
    assert {name: one["id"] for name, one in stored.items()} == {
        name: recordings[-1].id for name, recordings in found.items()
    }
    assert stored["stops"]["outputs"]["status"] == "UPLOADED"


def _declare(
    project: Project, meetings: Mapping[str, str], recordings: Mapping[str, Mapping[str, Any]]
) -> None:
    """Declare recordings in a stack that waits long for a stopped recording to be inactive."""
    declared = {
        name: {"meeting_id": meetings[name], "layers": {"default": {}}, **inputs}
        for name, inputs in recordings.items()
    }
    timing = {**TIMING, "inactive_after_stop": NEVER}
    project.write_config({"realtimekit:recordings": declared, "realtimekit:timing": timing})


def _create_call_counter(control: Control) -> Callable[[], int]:
    """Return a function that counts the calls from now on, of the least called route."""
    before = control.counts()
    return lambda: min(control.counts().of(route) - before.of(route) for route in POLLED_ROUTES)


def _read_list_statuses(control: Control, meetings: Collection[str]) -> list[list[str]]:
    return [[one.status for one in control.recordings(meeting)] for meeting in meetings]
