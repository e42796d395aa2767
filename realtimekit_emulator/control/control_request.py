"""What a handler of the control API gets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.errors import InvalidRequestError
from realtimekit_emulator.model.meeting import Meeting
from realtimekit_emulator.model.recording import Recording
from realtimekit_emulator.model.state import EmulatorState


@dataclass(frozen=True)
class ControlRequest:
    """A request to a route of the control API.

    Attributes:
        emulator: The emulator that it is about.
        query: The query parameters.
        id: The id in the path, empty where the path has none.
        body: The JSON object in the body, empty where there is none.
    """

    emulator: Emulator
    query: dict[str, str] = field(default_factory=dict)
    id: str = ""
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def state(self) -> EmulatorState:
        """Return the state of the emulator."""
        return self.emulator.state

    @property
    def now(self) -> float:
        """Return the emulator's time."""
        return self.state.clock.now()

    def get_required(self, name: str) -> Any:
        """Return a value of the body; raises InvalidRequestError where it is missing."""
        if name not in self.body:
            raise InvalidRequestError(f"{name} is required")
        return self.body[name]

    def get_meeting(self) -> Meeting:
        """Return the meeting of the path; raises NotFoundError."""
        return self.state.meetings.get(self.id)

    def get_recording(self) -> Recording:
        """Return the recording of the path; raises NotFoundError."""
        return self.state.recordings.index.get(self.id)
