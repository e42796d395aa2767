"""The emulator on a socket: the only place that knows the HTTP library."""

from __future__ import annotations

import asyncio
import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from aiohttp import web

from realtimekit_emulator.api.routes import BASE_PATH
from realtimekit_emulator.control.api import ControlApi
from realtimekit_emulator.server.listener import Listener, reset
from realtimekit_emulator.server.messages import Ending, Request, Response
from realtimekit_emulator.server.request_handler import RequestHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    from realtimekit_emulator.model.state import EmulatorState

_UPLOAD_THREADS = 4
_BEARER = "bearer "
_LAST_BREATH = 0.1


class Server:
    """Serves one state; the control API has the same port, and a second one where it is wanted.

    ``report`` is told method, path and status of each request to the emulated API, and nothing
    else.
    """

    def __init__(
        self,
        state: EmulatorState,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self._world = state
        self._gateway = RequestHandler(state)
        self._control = ControlApi(state)
        self._report = report
        self._numbers = itertools.count(1)
        self._web = web.Server(self._serve, access_log=None)
        self._control_web = web.Server(self._serve_control, access_log=None)
        self._control_connections: set[asyncio.BaseProtocol] = set()
        self._listener = Listener(self._web, host, port)
        self._control_listener: Listener | None = None
        if control_port is not None:
            self._control_listener = Listener(self._control_web, host, control_port)
        self._host = f"[{host}]" if ":" in host else host
        self._alarm: asyncio.TimerHandle | None = None
        self._reopening: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._pool = ThreadPoolExecutor(_UPLOAD_THREADS, "upload")

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"http://{self._host}:{self._listener.port}"

    @property
    def base_url(self) -> str:
        """Return what a client of the API is to be given as its base URL."""
        return self.origin + BASE_PATH

    @property
    def control_origin(self) -> str:
        """Return scheme, host and port of the control API."""
        listener = self._control_listener or self._listener
        return f"http://{self._host}:{listener.port}"

    async def start(self) -> None:
        """Begin to serve."""
        state = self._world
        state.base_url = self.origin
        state.network = self
        state.timers.set_alarm = self._set_alarm
        state.delivery.run_blocking = self._run_in_thread
        await self._listener.accept()
        if self._control_listener is not None:
            await self._control_listener.accept()
        self._set_alarm()

    async def stop(self) -> None:
        """Stop serving, and cut whoever still waits for an answer."""
        for handle in (self._alarm, self._reopening):
            if handle is not None:
                handle.cancel()
        self._listener.close()
        if self._control_listener is not None:
            self._control_listener.close()
        await self._web.shutdown(_LAST_BREATH)
        await self._control_web.shutdown(_LAST_BREATH)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def refuse(self, seconds: float | None) -> None:
        """Refuse connections and cut those that exist, for some real seconds or until told."""
        self._listener.stop_accepting()
        for connection in list(self._web.connections):
            if connection not in self._control_connections:
                reset(connection.transport)
        self._cancel_reopening()
        if seconds is not None:
            loop = asyncio.get_running_loop()
            self._reopening = loop.call_later(seconds, self.listen)

    def listen(self) -> None:
        """Accept connections again."""
        self._cancel_reopening()
        task = asyncio.get_running_loop().create_task(self._listener.accept())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if not request.path.startswith(BASE_PATH):
            self._control_connections &= set(self._web.connections)
            self._control_connections.add(request.protocol)
            return await self._serve_control(request)
        self._control_connections.discard(request.protocol)
        answer = Response(ending=Ending.CUT)
        if self._listener.is_open:
            answer = await self._gateway.answer(await self._call(request))
        if self._report is not None:
            status = "cut" if answer.ending is Ending.CUT else str(answer.status)
            self._report(f"{request.method} {request.path} {status}")
        return await _send(request, answer)

    async def _serve_control(self, request: web.BaseRequest) -> web.StreamResponse:
        query = dict(request.query)
        answer = self._control.answer(request.method, request.path, query, await request.read())
        # Whoever is told that the listener is open may come through it.
        await asyncio.gather(*self._tasks)
        return await _send(request, answer)

    async def _call(self, request: web.BaseRequest) -> Request:
        authorization = request.headers.get("Authorization", "")
        bearer = authorization[: len(_BEARER)].lower() == _BEARER
        body = await request.read() if request.can_read_body else b""
        return Request(
            number=next(self._numbers),
            method=request.method,
            path=request.path,
            query=tuple(request.query.items()),
            token=authorization[len(_BEARER) :].strip() if bearer else None,
            body=body,
            received=self._world.clock.now(),
            port=request.get_extra_info("peername", ("", 0))[1],
        )

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        due = self._world.timers.next_due()
        wait = None if due is None else self._world.clock.real_seconds_until(due)
        if wait is not None:
            self._alarm = asyncio.get_running_loop().call_later(wait, self._ring)

    def _ring(self) -> None:
        self._world.now()
        self._set_alarm()

    def _run_in_thread(
        self, job: Callable[[], str | None], done: Callable[[str | None], None]
    ) -> None:
        future = asyncio.get_running_loop().run_in_executor(self._pool, job)
        future.add_done_callback(lambda one: None if one.cancelled() else done(one.result()))

    def _cancel_reopening(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
            self._reopening = None


async def _send(request: web.BaseRequest, answer: Response) -> web.StreamResponse:
    if answer.ending is Ending.DRIP:
        return await _drip(request, answer)
    if answer.ending is Ending.CUT:
        return await _cut(request, answer)
    return web.Response(
        status=answer.status,
        body=answer.payload(),
        headers=answer.headers,
        content_type=answer.content_type,
    )


async def _drip(request: web.BaseRequest, answer: Response) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_type = answer.content_type
    response.enable_chunked_encoding()
    await response.prepare(request)
    with suppress(ConnectionError):
        await response.write(answer.payload()[:-1])
        while True:
            await response.write(b" ")
            await asyncio.sleep(answer.drip_seconds)
    return response


async def _cut(request: web.BaseRequest, answer: Response) -> web.StreamResponse:
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    if answer.cut_after is not None and request.transport is not None:
        payload = answer.payload()
        response.content_type = answer.content_type
        response.content_length = len(payload)
        await response.prepare(request)
        await response.write(payload[: answer.cut_after])
        request.transport.close()
    else:
        reset(request.transport)
    return response
