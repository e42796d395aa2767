"""The emulator on a socket: the only file that knows the HTTP library."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from realtimekit_emulator.api.routes import BASE_PATH
from realtimekit_emulator.control.control_api import ControlApi
from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.extras import describe_missing_module
from realtimekit_emulator.messages import Ending, Request, Response
from realtimekit_emulator.server.listener import Listener, reset_connection
from realtimekit_emulator.server.request_handler import RequestHandler

try:
    from aiohttp import web
except ImportError:
    # With this name "python -m realtimekit_emulator" prints the text alone.
    raise ImportError(
        describe_missing_module("aiohttp", "emulator"), name="realtimekit_emulator"
    ) from None

_UPLOAD_THREADS = 4
_BEARER = "bearer "
_SHUTDOWN_SECONDS = 0.1


class Server:
    """Serves one emulator.

    The control API is on the same port, and on a second one if ``control_port`` is given.
    ``report`` gets the method, path and status of each request to the emulated API, and nothing
    else.
    """

    def __init__(
        self,
        emulator: Emulator,
        host: str = "127.0.0.1",
        port: int = 0,
        control_port: int | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self._state = emulator.state
        self._request_handler = RequestHandler(emulator)
        self._control_api = ControlApi(emulator)
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
        self._wakeup: asyncio.TimerHandle | None = None
        self._reopening: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._pool = ThreadPoolExecutor(_UPLOAD_THREADS, "upload")

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        return f"http://{self._host}:{self._listener.port}"

    @property
    def base_url(self) -> str:
        """Return the base URL for a client of the API."""
        return self.origin + BASE_PATH

    @property
    def control_origin(self) -> str:
        """Return scheme, host and port of the control API."""
        listener = self._control_listener or self._listener
        return f"http://{self._host}:{listener.port}"

    async def start(self) -> None:
        """Start to serve."""
        self._state.origin = self.origin
        self._state.network = self
        self._state.timers.schedule_wakeup = self._schedule_wakeup
        self._state.delivery.run_blocking = self._run_in_thread
        await self._listener.accept()
        if self._control_listener is not None:
            await self._control_listener.accept()
        self._schedule_wakeup()

    async def stop(self) -> None:
        """Stop serving, and cut the connections that still wait for a response."""
        for handle in (self._wakeup, self._reopening):
            if handle is not None:
                handle.cancel()
        self._listener.close()
        if self._control_listener is not None:
            self._control_listener.close()
        await self._web.shutdown(_SHUTDOWN_SECONDS)
        await self._control_web.shutdown(_SHUTDOWN_SECONDS)
        self._pool.shutdown(wait=False, cancel_futures=True)

    def refuse_connections(self, seconds: float | None) -> None:
        """Refuse connections and cut existing ones, for some real seconds or until accepted."""
        self._listener.stop_accepting()
        for connection in list(self._web.connections):
            if connection not in self._control_connections:
                reset_connection(connection.transport)
        self._cancel_reopening()
        if seconds is not None:
            loop = asyncio.get_running_loop()
            self._reopening = loop.call_later(seconds, self.accept_connections)

    def accept_connections(self) -> None:
        """Accept connections again."""
        self._cancel_reopening()
        task = asyncio.get_running_loop().create_task(self._listener.accept())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, web_request: web.BaseRequest) -> web.StreamResponse:
        if not web_request.path.startswith(BASE_PATH):
            self._control_connections &= set(self._web.connections)
            self._control_connections.add(web_request.protocol)
            return await self._serve_control(web_request)
        self._control_connections.discard(web_request.protocol)
        response = Response(ending=Ending.CUT)
        if self._listener.is_accepting:
            request = await self._read_request(web_request)
            # Counted when it is whole, so that numbers follow the order of the log.
            request.number = next(self._numbers)
            response = await self._request_handler.handle(request)
        if self._report is not None:
            status = "cut" if response.ending is Ending.CUT else str(response.status)
            self._report(f"{web_request.method} {web_request.path} {status}")
        return await _send(web_request, response)

    async def _serve_control(self, web_request: web.BaseRequest) -> web.StreamResponse:
        response = self._control_api.handle(await self._read_request(web_request))
        # A response that says that connections are accepted is sent when they are.
        await asyncio.gather(*self._tasks)
        return await _send(web_request, response)

    async def _read_request(self, web_request: web.BaseRequest) -> Request:
        authorization = web_request.headers.get("Authorization", "")
        is_bearer = authorization[: len(_BEARER)].lower() == _BEARER
        return Request(
            number=0,
            method=web_request.method,
            path=web_request.path,
            query=tuple(web_request.query.items()),
            token=authorization[len(_BEARER) :].strip() if is_bearer else None,
            body=await web_request.read() if web_request.can_read_body else b"",
            received=self._state.clock.now(),
            port=web_request.get_extra_info("peername", ("", 0))[1],
        )

    def _schedule_wakeup(self) -> None:
        if self._wakeup is not None:
            self._wakeup.cancel()
            self._wakeup = None
        due = self._state.timers.get_next_due()
        wait = None if due is None else self._state.clock.get_real_seconds_until(due)
        if wait is not None:
            self._wakeup = asyncio.get_running_loop().call_later(wait, self._wake_up)

    def _wake_up(self) -> None:
        self._state.run_due_timers()
        self._schedule_wakeup()

    def _run_in_thread(
        self, job: Callable[[], str | None], on_done: Callable[[str | None], None]
    ) -> None:
        future = asyncio.get_running_loop().run_in_executor(self._pool, job)
        future.add_done_callback(lambda one: None if one.cancelled() else on_done(one.result()))

    def _cancel_reopening(self) -> None:
        if self._reopening is not None:
            self._reopening.cancel()
            self._reopening = None


async def _send(web_request: web.BaseRequest, response: Response) -> web.StreamResponse:
    if response.ending is Ending.DRIP:
        return await _send_endlessly(web_request, response)
    if response.ending is Ending.CUT:
        return await _send_and_cut(web_request, response)
    return web.Response(
        status=response.status,
        body=response.encode_body(),
        headers=response.headers,
        content_type=response.content_type,
    )


async def _send_endlessly(web_request: web.BaseRequest, response: Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_type = response.content_type
    stream.enable_chunked_encoding()
    await stream.prepare(web_request)
    with suppress(ConnectionError):
        await stream.write(response.encode_body()[:-1])
        while True:
            await stream.write(b" ")
            await asyncio.sleep(response.drip_seconds)
    return stream


async def _send_and_cut(web_request: web.BaseRequest, response: Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    if response.cut_after is not None and web_request.transport is not None:
        body = response.encode_body()
        stream.content_type = response.content_type
        stream.content_length = len(body)
        await stream.prepare(web_request)
        await stream.write(body[: response.cut_after])
        web_request.transport.close()
    else:
        reset_connection(web_request.transport)
    return stream
