"""What every kind of fault has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from realtimekit_emulator.options import choice

if TYPE_CHECKING:
    from realtimekit_emulator.calls import Answer, Call
    from realtimekit_emulator.world import World


@dataclass(frozen=True)
class Kind:
    """A fault; by itself it does nothing.

    `before` comes before anything is looked at, even the token; an answer that it returns is
    sent instead of doing what was asked for. `after` gets the answer when everything is done; it
    is not called where some `before` answered.
    """

    async def before(self, call: Call, world: World) -> Answer | None:
        """Interfere before the effect."""
        del call, world
        return None

    async def after(self, call: Call, answer: Answer, world: World) -> Answer:
        """Interfere after the effect."""
        del call, world
        return answer


@dataclass(frozen=True)
class Replacing(Kind):
    """A fault that sends an answer of its own, before or after what was asked for is done."""

    effect: str = choice(("before", "after"), "strike before or after the effect")

    async def before(self, call: Call, world: World) -> Answer | None:
        """Answer without doing anything, where the effect is to be avoided."""
        return self.replaced(call, None, world) if self.effect == "before" else None

    async def after(self, call: Call, answer: Answer, world: World) -> Answer:
        """Answer something else than the truth."""
        return self.replaced(call, answer, world)

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Return what to answer; ``answer`` is the true one where there is one."""
        raise NotImplementedError
