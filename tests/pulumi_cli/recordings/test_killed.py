"""``pulumi up`` is killed, and the documented steps recover from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from realtimekit_emulator import Access, EmulatorServer
from tests.polling import wait_until
from tests.pulumi_cli.support.app_control import AppControl
from tests.pulumi_cli.support.interrupted_deployment import watch_deployment
from tests.pulumi_cli.support.printed_output import extract_diagnostics
from tests.pulumi_cli.support.project import Project

pytestmark = pytest.mark.engine

HELD_SECONDS = 3600
"""How long a start is held, unless it is let go before."""


@dataclass(frozen=True)
class Hold:
    """At which call a start is held, and how many recordings there are meanwhile."""

    route: str
    effect: str
    recordings: int


BEFORE = Hold("active_recording", "after", recordings=0)
DURING = Hold("start_track", "before", recordings=0)
AFTER = Hold("start_track", "after", recordings=1)


class Meeting:
    """A meeting in an app of its own, whose recording is held during its start."""

    def __init__(self, emulator: EmulatorServer, app: int, hold: Hold, prefix: str) -> None:
        self._app_id = _format_app_id(app)
        self._control = AppControl(emulator.control, self._app_id)
        self._meeting_id = self._control.create_meeting(participants=1).id
        self._layer = {"file_name_prefix": prefix} if prefix else {}
        self._hold = hold
        self._control.add_fault("slow", route=hold.route, effect=hold.effect, seconds=HELD_SECONDS)

    def build_inputs(self, **inputs: str) -> dict[str, Any]:
        """Return the recording's inputs for the stack's config."""
        layers = {"default": self._layer}
        return {"app_id": self._app_id, "meeting_id": self._meeting_id, "layers": layers, **inputs}

    def is_held(self) -> bool:
        """Whether its start has reached the call at which it is held."""
        has_called = self._control.counts().of(self._hold.route) == 1
        return has_called and len(self.list_recordings()) == self._hold.recordings

    def has_continued(self) -> bool:
        """Whether all that was sent before the kill has had its effect."""
        return self._hold is BEFORE or len(self.list_recordings()) == 1

    def list_recordings(self) -> list[str]:
        """Return the ids of all its recordings."""
        return [one.id for one in self._control.recordings()]


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator with several apps."""
    with EmulatorServer(
        access=Access(apps=tuple(_format_app_id(number) for number in range(4)))
    ) as server:
        yield server


def _format_app_id(number: int) -> str:
    return f"5ca1ab1e-0000-4000-8000-{number:012d}"


def _kill_during_starts(project: Project, meetings: Mapping[str, Meeting]) -> None:
    """Start to deploy, kill the CLI while every start is held, and let the API finish its calls."""
    project.configure(**{name: one.build_inputs() for name, one in meetings.items()})
    with watch_deployment(project.start_up()) as deployment:
        wait_until(lambda: all(one.is_held() for one in meetings.values()))
        assert not deployment.is_over
        deployment.kill()
        assert all(one.is_held() for one in meetings.values())
        project.emulator.control.clear_faults()
        wait_until(lambda: all(one.has_continued() for one in meetings.values()))


def test_with_a_mark_the_only_manual_step_is_to_release_the_lock(
    project: Project, emulator: EmulatorServer
) -> None:
    """Whenever it was killed: freed and deployed again, there is one recording of each meeting."""
    meetings = {
        "before": Meeting(emulator, 0, BEFORE, "standup_{mark}"),
        "during": Meeting(emulator, 1, DURING, "standup_{mark}"),
        "after": Meeting(emulator, 2, AFTER, "standup_{mark}"),
        "generated": Meeting(emulator, 3, AFTER, ""),
    }
    _kill_during_starts(project, meetings)
    assert "the stack is currently locked" in project.try_up().output
    project.run("cancel", "--yes")
    output = project.up()
    assert extract_diagnostics(output).count("of an interrupted deployment") == 3
    stored = {name: [one["id"]] for name, one in project.read_recordings().items()}
    assert stored == {name: one.list_recordings() for name, one in meetings.items()}

    assert "pending operations" in output
    project.refresh("--clear-pending-creates")
    assert "pending operations" not in project.up("--expect-no-changes")


def test_without_a_mark_the_user_decides(project: Project, emulator: EmulatorServer) -> None:
    """Never a second recording: the refusal names the one that runs, and adopting it works."""
    meetings = {
        "before": Meeting(emulator, 0, BEFORE, "standup"),
        "during": Meeting(emulator, 1, DURING, "standup"),
        "after": Meeting(emulator, 2, AFTER, "standup"),
    }
    _kill_during_starts(project, meetings)
    project.run("cancel", "--yes")
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    running = {name: one.list_recordings() for name, one in meetings.items()}
    assert {name: len(ids) for name, ids in running.items()} == dict.fromkeys(meetings, 1)
    assert project.read_recordings().keys() == {"before"}
    for name in ("during", "after"):
        assert f"To take it over, set adopt_recording_id to '{running[name][0]}'" in outcome.output

    adopting = {
        name: one.build_inputs(adopt_recording_id=running[name][0])
        for name, one in meetings.items()
    }
    project.configure(**{**adopting, "before": meetings["before"].build_inputs()})
    project.up()
    assert {name: [one["id"]] for name, one in project.read_recordings().items()} == running
    assert running == {name: one.list_recordings() for name, one in meetings.items()}
