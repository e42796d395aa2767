"""The way of a request: route, log, faults, token, limits, handler, faults, headers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from .calls import Answer, Ending
from .clock import http_date
from .envelopes import failure
from .refusals import RefusalError
from .routes import Router

if TYPE_CHECKING:
    from .calls import Call
    from .routes import Route
    from .world import World

_TOO_MANY = 429


class Gateway:
    """Answers calls to the emulated API."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._router = Router()

    async def answer(self, call: Call) -> Answer:
        """Return the answer to a call, with whatever faults strike it."""
        world = self._world
        world.now()
        found = self._find(call)
        entry = world.requests.add(call, keep_body=world.settings.keep_bodies)
        striking = world.faults.striking(call)
        entry.faults.extend(fault.name for fault in striking)
        if world.settings.latency_seconds:
            await asyncio.sleep(world.settings.latency_seconds)
        answer: Answer | None = None
        for fault in striking:
            answer = await fault.kind.before(call, world)
            if answer is not None:
                break
        else:
            answer = self._perform(call, found)
            for fault in striking:
                answer = await fault.kind.after(call, answer, world)
        self._add_headers(call, answer)
        entry.status = None if answer.ending is Ending.CUT else answer.status
        return answer

    def _find(self, call: Call) -> Route | RefusalError:
        try:
            route, call.params = self._router.find(call.method, call.path)
        except RefusalError as refusal:
            return refusal
        call.route = route.name
        return route

    def _perform(self, call: Call, found: Route | RefusalError) -> Answer:
        try:
            if isinstance(found, RefusalError):
                raise found
            self._admit(call, found)
            return found.handler(self._world, call)
        except _LimitError as limit:
            answer = failure(limit, self._world.settings.error_envelope)
            answer.headers["Retry-After"] = str(limit.wait)
            return answer
        except RefusalError as refusal:
            return failure(refusal, self._world.settings.error_envelope)

    def _admit(self, call: Call, route: Route) -> None:
        world = self._world
        account_id, app_id = call.params["account_id"], call.params["app_id"]
        world.access.check(call.token, account_id, app_id, call.path)
        wait = world.limits.spend(
            call.token or "",
            recordings=route.spends_recordings,
            settings=world.settings,
            now=world.clock.now(),
        )
        if wait is not None:
            raise _LimitError(wait)

    def _add_headers(self, call: Call, answer: Answer) -> None:
        skew = self._world.settings.clock_skew_seconds + call.skew
        answer.headers["Date"] = http_date(self._world.clock.now() + skew)
        answer.headers["cf-ray"] = call.ray


class _LimitError(RefusalError):
    """A budget is used up for ``wait`` more seconds."""

    status = _TOO_MANY
    code = 971

    def __init__(self, wait: int) -> None:
        super().__init__("Please wait and consider throttling your request speed")
        self.wait = wait
