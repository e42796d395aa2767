"""An emulator in a thread of the same process, for tests."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any

from typing_extensions import Self

from realtimekit_emulator.control.client import Control
from realtimekit_emulator.emulator import Emulator
from realtimekit_emulator.model.access import Access
from realtimekit_emulator.model.settings import FAST_SETTINGS, Settings
from realtimekit_emulator.server.server import Server
from realtimekit_emulator.uploads import Uploader

_START_TIMEOUT = 10.0
_STOP_TIMEOUT = 10.0


class EmulatorServer:
    """Serves inside a ``with`` block, on 127.0.0.1.

    By default recordings are fast: they run 0.05 seconds after the start, upload in 0.05 seconds,
    and none is too short.

    Args:
        settings: The settings, instead of the fast ones.
        port: The port; 0 picks a free one.
        access: The tokens, accounts and apps that exist.
        uploaders: Uploaders by storage type or output type; without one, uploads are only logged.
        changes: Settings by name.

    Attributes:
        origin: Scheme, host and port.
        base_url: The base URL for a client of the API.
        account_id, app_id, token: The first account and app, and a token that may call them.

    Raises:
        InvalidOptionError: A setting does not exist, or cannot have this value.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        port: int = 0,
        access: Access | None = None,
        uploaders: Mapping[str, Uploader] | None = None,
        **changes: Any,
    ) -> None:
        access = access or Access()
        self.account_id = access.accounts[0]
        self.app_id = access.apps[0]
        self.token = min(access.tokens)
        self.origin = ""
        self.base_url = ""
        self._port = port
        self._emulator = Emulator(
            (settings or FAST_SETTINGS).with_changes(changes), access, uploaders
        )
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop_event: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self._control: Control | None = None

    @property
    def control(self) -> Control:
        """Return the client of the control API, which has a port of its own."""
        if self._control is None:
            raise RuntimeError("the emulator has not been started")
        return self._control

    @property
    def kit_url(self) -> str:
        """Return the base URL up to the app, below which ``/recordings`` is."""
        return f"{self.base_url}/accounts/{self.account_id}/realtime/kit/{self.app_id}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the Authorization header with the token."""
        return {"Authorization": f"Bearer {self.token}"}

    def start(self) -> Self:
        """Start to serve, and return when connections are accepted."""
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)
        self._thread.start()
        if not self._started.wait(_START_TIMEOUT):
            raise RuntimeError("the emulator did not start")
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Stop serving, and return when the port is free again."""
        if self._loop is not None and self._stop_event is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._stop_event.set)
            self._thread.join(_STOP_TIMEOUT)
        self._thread = None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        error_type: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:  # noqa: BLE001 - it is raised again in the caller's thread
            self._failure = error
        finally:
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop_event = asyncio.Event()
        server = Server(self._emulator, port=self._port, control_port=0)
        await server.start()
        self.origin = server.origin
        self.base_url = server.base_url
        self._control = Control(server.control_origin)
        self._started.set()
        await self._stop_event.wait()
        await server.stop()
