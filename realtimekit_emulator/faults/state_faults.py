"""Faults that change the state, or how old and how accurate the view of it is."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, NonNegativeFloat
from typing_extensions import override

from realtimekit_emulator.faults.base import FaultBehavior
from realtimekit_emulator.messages import Ending, Request, Response
from realtimekit_emulator.model.recording import Recording, is_active
from realtimekit_emulator.model.state import EmulatorState


class ClockSkew(FaultBehavior):
    """The API's clock is wrong: the Date header and every timestamp."""

    seconds: float = Field(default=300.0, description="how far the clock is ahead")

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Move the clock of this response."""
        request.skew += self.seconds
        return None


class Lag(FaultBehavior):
    """Recordings are read as they were some seconds ago; changing them is not affected.

    New recordings are not seen yet, and those that have ended still seem to run.
    """

    seconds: NonNegativeFloat = Field(
        default=5.0, description="the age of what is read, in seconds of the emulator's clock"
    )

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Make this response show an earlier time."""
        if request.method == "GET":
            request.lag = max(request.lag, self.seconds)
        return None


class EndRecording(FaultBehavior):
    """The recording ends by itself around a request, unless it has ended already.

    It is the one that the request names, else the active one of the meeting that the request
    names, else the one that was started last.
    """

    effect: Literal["after", "before"] = Field(
        default="after", description="end it after or before the request is processed"
    )
    status: str = Field(default="UPLOADING", description="the status that it gets")

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """End it before the request is processed."""
        if self.effect == "before":
            self._end_recording(request, state)
        return None

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """End it after the request is processed."""
        if self.effect == "after":
            self._end_recording(request, state)
        return response

    def _end_recording(self, request: Request, state: EmulatorState) -> None:
        now = state.run_due_timers()
        recording = _find_recording(request, state)
        if recording is not None and is_active(recording.status):
            state.recordings.force_status(recording, self.status, now)


class RevokeToken(FaultBehavior):
    """The token of the request becomes invalid."""

    effect: Literal["before", "after"] = Field(
        default="before", description="refuse this request already, or only the next ones"
    )
    mode: Literal["revoke", "forbid"] = Field(
        default="revoke", description="revoke: the token becomes unknown (401); forbid: 403"
    )

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Change the token before it is checked."""
        if self.effect == "before":
            self._change_token(request, state)
        return None

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Change the token after it was valid once more."""
        if self.effect == "after":
            self._change_token(request, state)
        return response

    def _change_token(self, request: Request, state: EmulatorState) -> None:
        if request.token is None:
            return
        if self.mode == "forbid":
            state.access.forbid(request.token)
        else:
            state.access.revoke(request.token)


class Refuse(FaultBehavior):
    """The server stops listening: this request is cut, and new connections are refused."""

    seconds: NonNegativeFloat | None = Field(
        default=None,
        description="real seconds until it listens again; none waits for the control API",
    )

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Stop listening."""
        state.network.refuse_connections(self.seconds)
        return Response(ending=Ending.CUT)


def _find_recording(request: Request, state: EmulatorState) -> Recording | None:
    index = state.recordings.index
    recording_id = request.params.get("recording_id")
    meeting_id = request.params.get("meeting_id") or request.query_value("meeting_id")
    if recording_id is not None:
        return index.find(recording_id)
    if meeting_id is not None:
        return index.find_active(meeting_id, uploading_too=False)
    return index.find_latest()
