"""Faults that change the state itself, or how old the view of it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from realtimekit_emulator.faults.behavior import FaultBehavior
from realtimekit_emulator.model.recording import is_active
from realtimekit_emulator.options import choice, maybe_number, number, words
from realtimekit_emulator.server.messages import Ending, Response

if TYPE_CHECKING:
    from realtimekit_emulator.model.recording import Recording
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request


@dataclass(frozen=True)
class ClockSkew(FaultBehavior):
    """The API's clock is wrong: the Date header and every timestamp."""

    seconds: float = number(300.0, "how far the clock is ahead", negative=True)

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Set the clock wrong for this answer."""
        del state
        call.skew += self.seconds
        return None


@dataclass(frozen=True)
class Lag(FaultBehavior):
    """Recordings are read as they were some seconds ago; what changes them is not affected.

    New recordings are not seen yet, and those that ended still seem to go on.
    """

    seconds: float = number(5.0, "how old the view is, in seconds of the emulator's clock")

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Make this answer look back."""
        del state
        if call.method == "GET":
            call.lag = max(call.lag, self.seconds)
        return None


@dataclass(frozen=True)
class EndRecording(FaultBehavior):
    """The recording ends by itself next to a call, unless it has ended already.

    It is the one that the call names, else the active one of the meeting that the call names,
    else the one that was started last.
    """

    effect: str = choice(("after", "before"), "end it after or before the call's own effect")
    status: str = words("UPLOADING", "the state that it ends in")

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """End it first."""
        if self.effect == "before":
            self._end(call, state)
        return None

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """End it now that the call is done."""
        if self.effect == "after":
            self._end(call, state)
        return answer

    def _end(self, call: Request, state: EmulatorState) -> None:
        now = state.now()
        recording = _concerned(call, state)
        if recording is not None and is_active(recording.status):
            state.recordings.force(recording, self.status, now)


@dataclass(frozen=True)
class RevokeToken(FaultBehavior):
    """The token of the call stops being good."""

    effect: str = choice(("before", "after"), "refuse this call already, or only the next ones")
    mode: str = choice(("revoke", "forbid"), "revoke: unknown from now on (401); forbid: 403")

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Take the token away before it is looked at."""
        if self.effect == "before":
            self._take(call, state)
        return None

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """Take the token away after it was good once more."""
        if self.effect == "after":
            self._take(call, state)
        return answer

    def _take(self, call: Request, state: EmulatorState) -> None:
        if call.token is None:
            return
        if self.mode == "forbid":
            state.access.forbid(call.token)
        else:
            state.access.revoke(call.token)


@dataclass(frozen=True)
class Refuse(FaultBehavior):
    """Nobody listens any more: this call is cut, and new connections are refused."""

    seconds: float | None = maybe_number("real seconds until it listens again; none: until told")

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Stop listening."""
        del call
        state.network.refuse(self.seconds)
        return Response(ending=Ending.CUT)


def _concerned(call: Request, state: EmulatorState) -> Recording | None:
    index = state.recordings.index
    wanted = call.params.get("recording_id")
    meeting_id = call.params.get("meeting_id") or call.query_value("meeting_id")
    if wanted is not None:
        return index.find(wanted)
    if meeting_id is not None:
        return index.active(meeting_id, uploading_too=False)
    return index.latest()
