"""Faults that answer with an error, with rubbish, or with nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from realtimekit_emulator.api.envelopes import error_document
from realtimekit_emulator.faults.behavior import FaultBehavior, ResponseFault
from realtimekit_emulator.model.clock import http_date
from realtimekit_emulator.options import choice, maybe_number, number, whole, words
from realtimekit_emulator.server.messages import Ending, Response

if TYPE_CHECKING:
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request

_HTML = (
    b"<!DOCTYPE html>\n<html><head><title>%d | emulator</title></head>"
    b"<body><h1>Error %d</h1><p>A page made by a proxy.</p></body></html>\n"
)


@dataclass(frozen=True)
class Status(ResponseFault):
    """An error status, with or without Retry-After."""

    status: int = whole(503, "HTTP status")
    retry_after: float | None = maybe_number("seconds of Retry-After; none: no such header")
    retry_after_form: str = choice(("seconds", "date"), "how Retry-After is written")
    body: str = choice(("json", "html", "empty"), "what the body is")
    message: str = words("Emulated failure", "the text of the error")

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Response the error."""
        del answer
        envelope = state.settings.error_envelope
        document = error_document(self.status, self.status, self.message, envelope)
        made = Response(status=self.status, document=document)
        if self.body == "html":
            made = _html(self.status)
        elif self.body == "empty":
            made.raw = b""
        if self.retry_after is not None:
            made.headers["Retry-After"] = self._retry_after(self.retry_after, call, state)
        return made

    def _retry_after(self, seconds: float, call: Request, state: EmulatorState) -> str:
        if self.retry_after_form == "seconds":
            return f"{seconds:g}"
        skew = state.settings.clock_skew_seconds + call.skew
        return http_date(state.clock.now() + skew + seconds)


@dataclass(frozen=True)
class EmptyBody(ResponseFault):
    """No body at all, though the status promises one."""

    status: int = whole(200, "HTTP status")

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Response nothing."""
        del call, answer, state
        return Response(status=self.status, raw=b"")


@dataclass(frozen=True)
class HtmlBody(ResponseFault):
    """A page for people, as proxies make them."""

    status: int = whole(200, "HTTP status")

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Response the page."""
        del call, answer, state
        return _html(self.status)


@dataclass(frozen=True)
class NotSuccess(ResponseFault):
    """``success: false`` under a status that says success."""

    status: int = whole(200, "HTTP status")
    message: str = words("Emulated failure", "the text of the error")

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Response the contradiction."""
        del call, answer
        envelope = state.settings.error_envelope
        document = error_document(self.status, 1000, self.message, envelope)
        return Response(status=self.status, document=document)


@dataclass(frozen=True)
class Cut(ResponseFault):
    """A connection that is reset instead of answered."""

    after_bytes: float | None = maybe_number(
        "send so many bytes of the body first, but never all; none: nothing"
    )

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Cut the connection."""
        del call, state
        if self.after_bytes is None:
            return Response(ending=Ending.CUT)
        told = answer or Response(document={"success": True})
        never_all = min(int(self.after_bytes), len(told.payload()) - 1)
        return replace(told, ending=Ending.CUT, cut_after=never_all)


@dataclass(frozen=True)
class Drip(ResponseFault):
    """An answer that never ends."""

    seconds: float = number(0.1, "real seconds between two bytes")

    def replaced(self, call: Request, answer: Response | None, state: EmulatorState) -> Response:
        """Response a byte now and then."""
        del call, state
        told = answer or Response(document={"success": True})
        return replace(told, ending=Ending.DRIP, drip_seconds=self.seconds)


@dataclass(frozen=True)
class Slow(FaultBehavior):
    """An answer that takes its time."""

    seconds: float = number(1.0, "real seconds to wait")
    effect: str = choice(("before", "after"), "wait before or after the effect")

    async def before(self, call: Request, state: EmulatorState) -> Response | None:
        """Wait, then do what was asked for."""
        del call, state
        if self.effect == "before":
            await asyncio.sleep(self.seconds)
        return None

    async def after(self, call: Request, answer: Response, state: EmulatorState) -> Response:
        """Wait, then answer."""
        del call, state
        if self.effect == "after":
            await asyncio.sleep(self.seconds)
        return answer


def _html(status: int) -> Response:
    return Response(status=status, raw=_HTML % (status, status), content_type="text/html")
