"""``pulumi up`` killed, and the documented way on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from realtimekit_emulator import Access, EmulatorServer
from tests.polling import wait_until
from tests.pulumi_cli.app_control import ControlOfApp
from tests.pulumi_cli.interrupted_deployment import deploying
from tests.pulumi_cli.printed_output import diagnostics_in
from tests.pulumi_cli.project import Project

pytestmark = [pytest.mark.engine, pytest.mark.timeout(240)]

HELD_SECONDS = 3
"""How long a start stays at its moment: all of them reach theirs within a fraction of it."""


@dataclass(frozen=True)
class Moment:
    """What holds a start, and what there is to see of it from outside meanwhile."""

    route: str
    effect: str
    recordings: int


BEFORE = Moment("active_recording", "after", recordings=0)
DURING = Moment("start_track", "before", recordings=0)
AFTER = Moment("start_track", "after", recordings=1)


class Meeting:
    """A meeting in an app of its own, whose recording is held at a moment of its start."""

    def __init__(self, emulator: EmulatorServer, app: int, moment: Moment, prefix: str) -> None:
        self._app_id = _app(app)
        self._control = ControlOfApp(emulator.control, self._app_id)
        self._meeting_id = self._control.create_meeting(participants=1).id
        self._layer = {"file_name_prefix": prefix} if prefix else {}
        self._moment = moment
        self._control.add_fault(
            "slow", route=moment.route, effect=moment.effect, seconds=HELD_SECONDS
        )

    def declared(self, **more: str) -> dict[str, Any]:
        """Return the recording as a stack's config declares it."""
        layers = {"default": self._layer}
        return {"app_id": self._app_id, "meeting_id": self._meeting_id, "layers": layers, **more}

    def is_held(self) -> bool:
        """Whether its start has come to its moment."""
        asked = self._control.counts().of(self._moment.route) == 1
        return asked and len(self.recordings()) == self._moment.recordings

    def is_let_go(self) -> bool:
        """Whether all that was sent before the kill has had its effect."""
        return self._moment is BEFORE or len(self.recordings()) == 1

    def recordings(self) -> list[str]:
        """Return the ids of all its recordings."""
        return [one.id for one in self._control.recordings()]


@pytest.fixture
def emulator() -> Iterator[EmulatorServer]:
    """An emulator with several apps."""
    with EmulatorServer(access=Access(apps=tuple(_app(number) for number in range(4)))) as server:
        yield server


def _app(number: int) -> str:
    return f"5ca1ab1e-0000-4000-8000-{number:012d}"


def _killed(project: Project, meetings: Mapping[str, Meeting]) -> None:
    """Begin to deploy, kill the CLI with every start at its moment, and leave the rest alone."""
    project.configure(**{name: one.declared() for name, one in meetings.items()})
    with deploying(project.start_up()) as deployment:
        wait_until(lambda: all(one.is_held() for one in meetings.values()), timeout=60)
        assert not deployment.is_over
        deployment.kill()
        assert all(one.is_held() for one in meetings.values())
        wait_until(lambda: all(one.is_let_go() for one in meetings.values()))
    project.emulator.control.clear_faults()


def test_with_a_mark_the_locks_release_is_the_only_manual_step(
    project: Project, emulator: EmulatorServer
) -> None:
    """Whenever it was killed: freed and deployed again, there is one recording of each meeting."""
    meetings = {
        "before": Meeting(emulator, 0, BEFORE, "standup_{mark}"),
        "during": Meeting(emulator, 1, DURING, "standup_{mark}"),
        "after": Meeting(emulator, 2, AFTER, "standup_{mark}"),
        "generated": Meeting(emulator, 3, AFTER, ""),
    }
    _killed(project, meetings)
    assert "the stack is currently locked" in project.try_up().output
    project.must("cancel", "--yes")
    said = project.up()
    assert diagnostics_in(said).count("of an interrupted deployment") == 3
    stored = {name: [one["id"]] for name, one in project.recordings().items()}
    assert stored == {name: one.recordings() for name, one in meetings.items()}

    assert "pending operations" in said
    project.refresh("--clear-pending-creates")
    assert "pending operations" not in project.up("--expect-no-changes")


def test_with_another_prefix_somebody_decides(project: Project, emulator: EmulatorServer) -> None:
    """Never a second recording: the refusal names the one that runs, and adopting it works."""
    meetings = {
        "before": Meeting(emulator, 0, BEFORE, "standup"),
        "during": Meeting(emulator, 1, DURING, "standup"),
        "after": Meeting(emulator, 2, AFTER, "standup"),
    }
    _killed(project, meetings)
    project.must("cancel", "--yes")
    outcome = project.try_up("--continue-on-error")
    assert outcome.code != 0
    running = {name: one.recordings() for name, one in meetings.items()}
    assert {name: len(ids) for name, ids in running.items()} == dict.fromkeys(meetings, 1)
    assert project.recordings().keys() == {"before"}
    for name in ("during", "after"):
        assert f"To take it over, set adopt_recording_id to '{running[name][0]}'" in outcome.output

    adopting = {
        name: one.declared(adopt_recording_id=running[name][0]) for name, one in meetings.items()
    }
    project.configure(**{**adopting, "before": meetings["before"].declared()})
    project.up()
    assert {name: [one["id"]] for name, one in project.recordings().items()} == running
    assert running == {name: one.recordings() for name, one in meetings.items()}
