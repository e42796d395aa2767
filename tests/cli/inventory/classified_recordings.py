"""Recordings of every class, at an emulated API and in the states of three stacks."""

from __future__ import annotations

from collections import defaultdict

from realtimekit_emulator import EmulatorServer
from tests.cli.inventory.api_recordings import DAY, ApiRecordings
from tests.cli.inventory.stacks import OWN_BUCKET, StackBuilder
from tests.example_values import STORAGE

__all__ = ["FOREIGN", "ClassifiedRecordings"]

FOREIGN = "rkfeedfeed{:08d}"


class ClassifiedRecordings:
    """Five hundred recordings at the API, and what belongs to them in three states.

    Attributes:
        expected: Their ids by class.
        expiring: The ids of those whose files vanish soon.
    """

    def __init__(self, api: ApiRecordings, stacks: dict[str, StackBuilder]) -> None:
        self._api = api
        self._prod, self._staging, self._dev = stacks["prod"], stacks["staging"], stacks["dev"]
        self.expected: defaultdict[str, set[str | None]] = defaultdict(set)
        self.expiring: set[str] = set()
        self._number = 0

    def add_all(self, emulator: EmulatorServer) -> None:
        """Add all of them."""
        self._add_older_ones()
        emulator.control.advance(5.5 * DAY)
        self._add_present_ones()
        self._add_meetings_recorded_twice(emulator)
        self._add_those_that_only_states_have()

    def _add_older_ones(self) -> None:
        """Add those that ended days ago."""
        for _ in range(10):
            one = self._hold(self._dev, "managed", "UPLOADED", inputs={"layers": OWN_BUCKET})
            self.expiring.add(one)
        for _ in range(51):
            mark = self._staging.get_mark(self._next_name())
            self._note("past", self._api.start(mark, "UPLOADED", storage=dict(STORAGE["aws"])))

    def _add_present_ones(self) -> None:
        """Add those that were started now."""
        for stack, status, number in (
            (self._prod, "RECORDING", 150),
            (self._staging, "PAUSED", 60),
            (self._dev, "UPLOADING", 40),
        ):
            for _ in range(number):
                self._hold(stack, "managed", status)
        for mark, adopts, number in (
            (self._prod.get_mark("gone"), False, 6),
            (FOREIGN.format(0), False, 3),
            (None, True, 3),
        ):
            for _ in range(number):
                self._hold(self._staging, "adopted", "RECORDING", mark=mark, adopts=adopts)
        for _ in range(8):
            self._note("left", self._api.start(self._dev.get_mark(self._next_name())))
        for _ in range(9):
            self._note("orphan", self._api.start(self._prod.get_mark(self._next_name())))
        for number in range(60):
            self._note("foreign", self._api.start(FOREIGN.format(number)))
        for number in range(90):
            self._note("unmanaged", self._api.start(None, "UPLOADING" if number % 2 else "PAUSED"))

    def _add_meetings_recorded_twice(self, emulator: EmulatorServer) -> None:
        """Add three meetings that are recorded twice, and four recordings that two states have."""
        emulator.control.set(second_start="accept")
        for _ in range(3):
            meeting_id = emulator.control.create_meeting(participants=1).id
            self._hold(self._prod, "doubled", "RECORDING", meeting_id=meeting_id)
            self._note("doubled", self._api.start(FOREIGN.format(0), meeting_id=meeting_id))
        for _ in range(4):
            one = self._hold(self._prod, "doubled", "RECORDING")
            self._staging.add(self._next_name(), one)

    def _add_those_that_only_states_have(self) -> None:
        """Add two that the API does not know, and three that were never started."""
        for number in range(2):
            self._prod.add(self._next_name(), f"gone-{number}", "PAUSED")
            self._note("missing", f"gone-{number}")
        for _ in range(3):
            self._dev.add(self._next_name(), None, "NO_SESSION")
        self.expected["unstarted"].add(None)

    def _hold(
        self,
        stack: StackBuilder,
        recording_class: str,
        status: str,
        *,
        mark: str | None = "its own",
        adopts: bool = False,
        meeting_id: str | None = None,
        inputs: dict[str, object] | None = None,
    ) -> str:
        name = self._next_name()
        mark = stack.get_mark(name) if mark == "its own" else mark
        one = self._api.start(mark, status, meeting_id=meeting_id)
        adopted = {"adopt_recording_id": one} if adopts else {}
        stack.add(name, one, status, inputs={**adopted, **(inputs or {})})
        self._note(recording_class, one)
        return one

    def _note(self, recording_class: str, recording_id: str) -> None:
        self.expected[recording_class].add(recording_id)

    def _next_name(self) -> str:
        self._number += 1
        return f"room-{self._number}"
