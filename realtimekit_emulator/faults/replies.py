"""Faults that answer with an error, with rubbish, or with nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from realtimekit_emulator.calls import Answer, Ending
from realtimekit_emulator.clock import http_date
from realtimekit_emulator.envelopes import error_document
from realtimekit_emulator.options import choice, maybe_number, number, whole, words

from .kind import Kind, Replacing

if TYPE_CHECKING:
    from realtimekit_emulator.calls import Call
    from realtimekit_emulator.world import World

_HTML = (
    b"<!DOCTYPE html>\n<html><head><title>%d | emulator</title></head>"
    b"<body><h1>Error %d</h1><p>A page made by a proxy.</p></body></html>\n"
)


@dataclass(frozen=True)
class Status(Replacing):
    """An error status, with or without Retry-After."""

    status: int = whole(503, "HTTP status")
    retry_after: float | None = maybe_number("seconds of Retry-After; none: no such header")
    retry_after_form: str = choice(("seconds", "date"), "how Retry-After is written")
    body: str = choice(("json", "html", "empty"), "what the body is")
    message: str = words("Emulated failure", "the text of the error")

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Answer the error."""
        del answer
        envelope = world.settings.error_envelope
        document = error_document(self.status, self.status, self.message, envelope)
        made = Answer(status=self.status, document=document)
        if self.body == "html":
            made = _html(self.status)
        elif self.body == "empty":
            made.raw = b""
        if self.retry_after is not None:
            made.headers["Retry-After"] = self._retry_after(self.retry_after, call, world)
        return made

    def _retry_after(self, seconds: float, call: Call, world: World) -> str:
        if self.retry_after_form == "seconds":
            return f"{seconds:g}"
        skew = world.settings.clock_skew_seconds + call.skew
        return http_date(world.clock.now() + skew + seconds)


@dataclass(frozen=True)
class EmptyBody(Replacing):
    """No body at all, though the status promises one."""

    status: int = whole(200, "HTTP status")

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Answer nothing."""
        del call, answer, world
        return Answer(status=self.status, raw=b"")


@dataclass(frozen=True)
class HtmlBody(Replacing):
    """A page for people, as proxies make them."""

    status: int = whole(200, "HTTP status")

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Answer the page."""
        del call, answer, world
        return _html(self.status)


@dataclass(frozen=True)
class NotSuccess(Replacing):
    """``success: false`` under a status that says success."""

    status: int = whole(200, "HTTP status")
    message: str = words("Emulated failure", "the text of the error")

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Answer the contradiction."""
        del call, answer
        envelope = world.settings.error_envelope
        document = error_document(self.status, 1000, self.message, envelope)
        return Answer(status=self.status, document=document)


@dataclass(frozen=True)
class Cut(Replacing):
    """A connection that is reset instead of answered."""

    after_bytes: float | None = maybe_number(
        "send so many bytes of the body first, but never all; none: nothing"
    )

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Cut the connection."""
        del call, world
        if self.after_bytes is None:
            return Answer(ending=Ending.CUT)
        told = answer or Answer(document={"success": True})
        never_all = min(int(self.after_bytes), len(told.payload()) - 1)
        return replace(told, ending=Ending.CUT, cut_after=never_all)


@dataclass(frozen=True)
class Drip(Replacing):
    """An answer that never ends."""

    seconds: float = number(0.1, "real seconds between two bytes")

    def replaced(self, call: Call, answer: Answer | None, world: World) -> Answer:
        """Answer a byte now and then."""
        del call, world
        told = answer or Answer(document={"success": True})
        return replace(told, ending=Ending.DRIP, drip_seconds=self.seconds)


@dataclass(frozen=True)
class Slow(Kind):
    """An answer that takes its time."""

    seconds: float = number(1.0, "real seconds to wait")
    effect: str = choice(("before", "after"), "wait before or after the effect")

    async def before(self, call: Call, world: World) -> Answer | None:
        """Wait, then do what was asked for."""
        del call, world
        if self.effect == "before":
            await asyncio.sleep(self.seconds)
        return None

    async def after(self, call: Call, answer: Answer, world: World) -> Answer:
        """Wait, then answer."""
        del call, world
        if self.effect == "after":
            await asyncio.sleep(self.seconds)
        return answer


def _html(status: int) -> Answer:
    return Answer(status=status, raw=_HTML % (status, status), content_type="text/html")
