"""The way of a request: route, log, faults, token, limits, handler, faults, headers."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from realtimekit_emulator.api.envelopes import failure
from realtimekit_emulator.api.routes import Router
from realtimekit_emulator.errors import RefusalError
from realtimekit_emulator.model.clock import http_date
from realtimekit_emulator.server.messages import Ending, Response

if TYPE_CHECKING:
    from realtimekit_emulator.api.routes import Route
    from realtimekit_emulator.model.state import EmulatorState
    from realtimekit_emulator.server.messages import Request

_TOO_MANY = 429


class RequestHandler:
    """Answers calls to the emulated API."""

    def __init__(self, state: EmulatorState) -> None:
        self._world = state
        self._router = Router()

    async def answer(self, call: Request) -> Response:
        """Return the answer to a call, with whatever faults strike it."""
        state = self._world
        state.now()
        found = self._find(call)
        entry = state.requests.add(call, keep_body=state.settings.keep_bodies)
        striking = state.faults.take_matching(call)
        entry.faults.extend(fault.name for fault in striking)
        if state.settings.latency_seconds:
            await asyncio.sleep(state.settings.latency_seconds)
        answer: Response | None = None
        for fault in striking:
            answer = await fault.kind.before(call, state)
            if answer is not None:
                break
        else:
            answer = self._perform(call, found)
            for fault in striking:
                answer = await fault.kind.after(call, answer, state)
        self._add_headers(call, answer)
        entry.status = None if answer.ending is Ending.CUT else answer.status
        return answer

    def _find(self, call: Request) -> Route | RefusalError:
        try:
            route, call.params = self._router.find(call.method, call.path)
        except RefusalError as refusal:
            return refusal
        call.route = route.name
        return route

    def _perform(self, call: Request, found: Route | RefusalError) -> Response:
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

    def _admit(self, call: Request, route: Route) -> None:
        state = self._world
        account_id, app_id = call.params["account_id"], call.params["app_id"]
        state.access.check(call.token, account_id, app_id, call.path)
        wait = state.limits.spend(
            call.token or "",
            recordings=route.spends_recordings,
            settings=state.settings,
            now=state.clock.now(),
        )
        if wait is not None:
            raise _LimitError(wait)

    def _add_headers(self, call: Request, answer: Response) -> None:
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
