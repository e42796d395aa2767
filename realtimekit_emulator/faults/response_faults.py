"""Faults that respond with an error, with an unreadable body, late, or not at all."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PrivateAttr
from typing_extensions import override

from realtimekit_emulator.api.envelopes import build_error_document, wrap_error
from realtimekit_emulator.errors import InvalidHeadersError
from realtimekit_emulator.faults.base import FaultBehavior, ResponseFault
from realtimekit_emulator.messages import Ending, Request, Response
from realtimekit_emulator.model.clock import format_http_date
from realtimekit_emulator.model.state import EmulatorState

_HTML = (
    b"<!DOCTYPE html>\n<html><head><title>%d | emulator</title></head>"
    b"<body><h1>Error %d</h1><p>A page made by a proxy.</p></body></html>\n"
)


class Status(ResponseFault):
    """An error status, with or without Retry-After."""

    status: NonNegativeInt = Field(default=503, description="HTTP status")
    retry_after: NonNegativeFloat | None = Field(
        default=None, description="seconds of Retry-After; none omits the header"
    )
    retry_after_form: Literal["seconds", "date"] = Field(
        default="seconds", description="how Retry-After is written"
    )
    body: Literal["json", "html", "empty"] = Field(default="json", description="type of the body")
    message: str = Field(default="Emulated failure", description="the text of the error")

    @override
    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return the error."""
        error = _create_error(self.status, self.status, self.message, state)
        if self.body == "html":
            error = _create_html(self.status)
        elif self.body == "empty":
            error.raw = b""
        if self.retry_after is not None:
            error.headers["Retry-After"] = self._format_retry_after(
                self.retry_after, request, state
            )
        return error

    def _format_retry_after(self, seconds: float, request: Request, state: EmulatorState) -> str:
        if self.retry_after_form == "seconds":
            return f"{seconds:g}"
        return format_http_date(state.clock.now() + state.get_skew(request) + seconds)


class InvalidHeaders(FaultBehavior):
    """The token is called malformed: 400, code 6003 with 6111 in its ``error_chain``."""

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Refuse the request as if its token were in the wrong form."""
        return wrap_error(InvalidHeadersError(), state.settings.error_envelope)


class EmptyBody(ResponseFault):
    """A status that promises a body, and no body."""

    status: NonNegativeInt = Field(default=200, description="HTTP status")

    @override
    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return nothing but the status."""
        return Response(status=self.status, raw=b"")


class HtmlBody(ResponseFault):
    """An HTML page, as proxies send it."""

    status: NonNegativeInt = Field(default=200, description="HTTP status")

    @override
    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return the page."""
        return _create_html(self.status)


class NotSuccess(ResponseFault):
    """``success: false`` with a status of success."""

    status: NonNegativeInt = Field(default=200, description="HTTP status")
    message: str = Field(default="Emulated failure", description="the text of the error")

    @override
    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return the contradiction."""
        return _create_error(self.status, 1000, self.message, state)


class Cut(ResponseFault):
    """The connection is reset instead of a response."""

    after_bytes: NonNegativeFloat | None = Field(
        default=None,
        description="send so many bytes of the body first, but never all; none sends nothing",
    )

    @override
    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return a response that is cut."""
        if self.after_bytes is None:
            return Response(ending=Ending.CUT)
        whole = response or Response(document={"success": True})
        cut_after = min(int(self.after_bytes), len(whole.encode_body()) - 1)
        return replace(whole, ending=Ending.CUT, cut_after=cut_after)


class Drip(ResponseFault):
    """A response that never ends."""

    seconds: NonNegativeFloat = Field(default=0.1, description="real seconds between two bytes")

    @override
    def create_response(
        self, request: Request, response: Response | None, state: EmulatorState
    ) -> Response:
        """Return a response that never ends."""
        whole = response or Response(document={"success": True})
        return replace(whole, ending=Ending.DRIP, drip_seconds=self.seconds)


class Slow(FaultBehavior):
    """A late response."""

    seconds: NonNegativeFloat = Field(
        default=1.0, description="real seconds to wait, unless the fault is removed before"
    )
    effect: Literal["before", "after"] = Field(
        default="before", description="wait before or after the request is processed"
    )
    _released: asyncio.Event = PrivateAttr(default_factory=asyncio.Event)

    @override
    async def before(self, request: Request, state: EmulatorState) -> Response | None:
        """Wait before the request is processed."""
        if self.effect == "before":
            await self._wait()
        return None

    @override
    async def after(self, request: Request, response: Response, state: EmulatorState) -> Response:
        """Wait before the response is sent."""
        if self.effect == "after":
            await self._wait()
        return response

    @override
    def release(self) -> None:
        """Let every request go that still waits."""
        self._released.set()

    async def _wait(self) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._released.wait(), self.seconds)


def _create_error(status: int, code: int, message: str, state: EmulatorState) -> Response:
    envelope = state.settings.error_envelope
    return Response(status=status, document=build_error_document(status, code, message, envelope))


def _create_html(status: int) -> Response:
    return Response(status=status, raw=_HTML % (status, status), content_type="text/html")
