"""What the behavior of every fault has."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from typing_extensions import override

from realtimekit_emulator.messages import Request, Response
from realtimekit_emulator.model.state import EmulatorState
from realtimekit_emulator.options import Options


class FaultBehavior(Options):
    """What goes wrong; by itself, nothing.

    The fields of a subclass are the options of the fault, and their descriptions its
    documentation.
    """

    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Act before the request is processed, even before its token is checked.

        A response is sent instead of processing the request.
        """
        del request, state
        return None

    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Act after the request is processed, and return what to send.

        It is not called where a fault has sent its own response before.
        """
        del request, state
        return response

    def release(self) -> None:
        """Let go of the requests that the fault holds: it was removed."""


class ResponseFault(FaultBehavior):
    """A fault that sends a response of its own, before or after the request is processed."""

    effect: Literal["before", "after"] = Field(
        default="before", description="act before or after the request is processed"
    )

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Send the response without processing the request, if it is to have no effect."""
        return self.create_response(request, None, state) if self.effect == "before" else None

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Send the response instead of the true one."""
        return self.create_response(request, response, state)

    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return what to send; ``response`` is the true one where there is one."""
        raise NotImplementedError
