"""From a request to its response: route, log, faults, token, limits, handler, faults, headers."""

from __future__ import annotations

import asyncio

from realtimekit_emulator.api.api_request import ApiRequest
from realtimekit_emulator.api.envelopes import wrap_error
from realtimekit_emulator.api.routes import Route, Router
from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.errors import ApiError, RateLimitError
from realtimekit_emulator.faults import ActiveFault
from realtimekit_emulator.messages import Ending, Request, Response
from realtimekit_emulator.model.clock import format_http_date
from realtimekit_emulator.model.request_log import RequestLog


class RequestHandler:
    """Responds to requests to the emulated API."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._state = emulator.state
        self._router = Router()

    async def handle(self, request: Request) -> Response:
        """Return the response to a request, changed by the faults that it triggers."""
        self._state.run_due_timers()
        route = self._find_route(request)
        settings = self._state.settings
        log = self._state.requests
        entry = log.add(request, keep_body=settings.keep_bodies)
        faults = self._emulator.faults.take_matching(request)
        entry.faults.extend(fault.kind for fault in faults)
        if settings.latency_seconds:
            await asyncio.sleep(settings.latency_seconds)
        response = await self._respond(request, route, faults, log)
        skew = self._state.get_skew(request)
        response.headers["Date"] = format_http_date(self._state.clock.now() + skew)
        response.headers["cf-ray"] = request.ray
        if isinstance(route, Route) and settings.rate_limit_headers:
            response.headers |= self._state.rate_limits.describe(
                request.token or "",
                is_for_kit=route.is_for_kit,
                is_for_recordings=route.is_for_recordings,
                settings=settings,
                now=self._state.clock.now(),
            )
        entry.status = None if response.ending is Ending.CUT else response.status
        return response

    def _find_route(self, request: Request) -> Route | ApiError:
        try:
            route, request.params = self._router.find_route(request.method, request.path)
        except ApiError as error:
            return error
        request.route = route.name
        return route

    async def _respond(
        self,
        request: Request,
        route: Route | ApiError,
        faults: list[ActiveFault],
        log: RequestLog,
    ) -> Response:
        for fault in faults:
            instead = await fault.behavior.before(request, self._state)
            if instead is not None:
                return instead
        if self._state.requests is not log:
            # There was a reset meanwhile: the request belongs to what was forgotten.
            return Response(ending=Ending.CUT)
        response = self._process(request, route)
        for fault in faults:
            response = await fault.behavior.after(request, response, self._state)
        return response

    def _process(self, request: Request, route: Route | ApiError) -> Response:
        try:
            if isinstance(route, ApiError):
                raise route
            if route.is_for_kit:
                now = self._state.clock.now()
                self._state.access.check(request.token, request.params, request.path, now)
            self._check_rate_limits(request, route)
            return route.handler(ApiRequest(request, self._state))
        except ApiError as error:
            response = wrap_error(error, self._state.settings.error_envelope)
            if isinstance(error, RateLimitError):
                response.headers["Retry-After"] = str(error.retry_after)
            return response

    def _check_rate_limits(self, request: Request, route: Route) -> None:
        retry_after = self._state.rate_limits.spend(
            request.token or "",
            is_for_kit=route.is_for_kit,
            is_for_recordings=route.is_for_recordings,
            settings=self._state.settings,
            now=self._state.clock.now(),
        )
        if retry_after is not None:
            raise RateLimitError(retry_after)
