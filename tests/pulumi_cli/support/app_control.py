"""A control client that sees one app only, so that many scenarios can share an emulator."""

from __future__ import annotations

from collections import Counter
from typing import Any

from realtimekit_emulator import Control, FaultHandle
from realtimekit_emulator.control.client_models import (
    Counts,
    MeetingState,
    RecordingState,
    RequestRecord,
)

__all__ = ["AppControl"]


class AppControl(Control):
    """A control client whose recordings, requests and faults are those of its own app."""

    def __init__(self, control: Control, app_id: str) -> None:
        super().__init__(f"http://{control._host}:{control._port}")
        self.app_id = app_id
        self._faults: list[FaultHandle] = []
        self._meetings: list[str] = []

    def create_meeting(
        self,
        *,
        participants: int = 0,
        title: str | None = None,
        app_id: str | None = None,
        record_on_start: bool = False,
    ) -> MeetingState:
        created = super().create_meeting(
            participants=participants,
            title=title,
            app_id=app_id or self.app_id,
            record_on_start=record_on_start,
        )
        self._meetings.append(created.id)
        return created

    def recordings(self, meeting_id: str | None = None) -> list[RecordingState]:
        return [one for one in super().recordings(meeting_id) if one.app_id == self.app_id]

    def requests(self, route: str | None = None, after: int = 0) -> list[RequestRecord]:
        """Return the requests for the app, and those for its meetings in any other app."""
        own = (self.app_id, *self._meetings)
        requests = super().requests(route, after)
        return [one for one in requests if any(name in one.path for name in own)]

    def counts(self) -> Counts:
        return Counts(dict(Counter(one.route for one in self.requests())), {}, {})

    def add_fault(self, kind: str, **spec: Any) -> FaultHandle:
        fault = super().add_fault(kind, **{"path": f"*/{self.app_id}/*", **spec})
        self._faults.append(fault)
        return fault

    def clear_faults(self) -> None:
        for fault in self._faults:
            fault.remove()
        self._faults.clear()
