"""An emulator in a thread of the same process, for tests."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.control.client import Control
from realtimekit_emulator.model.settings import fast
from realtimekit_emulator.model.state import EmulatorState
from realtimekit_emulator.server.access import Access
from realtimekit_emulator.server.server import Server

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from realtimekit_emulator.model.settings import Settings
    from realtimekit_emulator.uploads import Uploader

_PATIENCE = 10.0


class EmulatorServer:
    """Serves from ``with`` to the end of its block, on 127.0.0.1; ``port`` 0 picks a free one.

    Recordings live fast by default: they run 0.05 seconds after the start, upload in 0.05
    seconds, and none is too short. ``changes`` are settings by name.
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
        self._port = port
        self._world = EmulatorState((settings or fast()).changed(changes), access, uploaders)
        self._started = threading.Event()
        self._failure: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._thread: threading.Thread | None = None
        self.origin = ""
        self.base_url = ""
        self._control: Control | None = None

    @property
    def control(self) -> Control:
        """Return the client of the control API, which has a port of its own."""
        if self._control is None:
            message = "the emulator has not been started"
            raise RuntimeError(message)
        return self._control

    @property
    def kit_url(self) -> str:
        """Return the base URL up to the app, below which ``/recordings`` is."""
        return f"{self.base_url}/accounts/{self.account_id}/realtime/kit/{self.app_id}"

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers that let a request in."""
        return {"Authorization": f"Bearer {self.token}"}

    def start(self) -> Self:
        """Begin to serve, and return when connections are accepted."""
        self._thread = threading.Thread(target=self._run, name="emulator", daemon=True)
        self._thread.start()
        if not self._started.wait(_PATIENCE):
            message = "the emulator did not start"
            raise RuntimeError(message)
        if self._failure is not None:
            raise self._failure
        return self

    def stop(self) -> None:
        """Stop serving, and return when the port is free again."""
        if self._loop is not None and self._ending is not None and self._thread is not None:
            self._loop.call_soon_threadsafe(self._ending.set)
            self._thread.join(_PATIENCE)
        self._thread = None

    def __enter__(self) -> Self:
        """Start."""
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
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
        self._ending = asyncio.Event()
        server = Server(self._world, port=self._port, control_port=0)
        await server.start()
        self.origin = server.origin
        self.base_url = server.base_url
        self._control = Control(server.control_origin)
        self._started.set()
        await self._ending.wait()
        await server.stop()
