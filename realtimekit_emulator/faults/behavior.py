"""What every kind of fault has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from realtimekit_emulator.options import choice

if TYPE_CHECKING:
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request, Response


@dataclass(frozen=True)
class FaultBehavior:
    """A fault; by itself it does nothing.

    `before` comes before anything is looked at, even the token; an answer that it returns is
    sent instead of doing what was asked for. `after` gets the answer when everything is done; it
    is not called where some `before` answered.
    """

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Interfere before the effect."""
        del call, state
        return None

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """Interfere after the effect."""
        del call, state
        return answer


@dataclass(frozen=True)
class ResponseFault(FaultBehavior):
    """A fault that sends an answer of its own, before or after what was asked for is done."""

    effect: str = choice(("before", "after"), "strike before or after the effect")

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Response without doing anything, where the effect is to be avoided."""
        return self.replaced(call, None, state) if self.effect == "before" else None

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """Response something else than the truth."""
        return self.replaced(call, answer, state)

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Return what to answer; ``answer`` is the true one where there is one."""
        raise NotImplementedError
