"""The context of a run: what all operations of one deployment share.

A run is one provider process. Every provider class is configured on its own, so the one
context is found through the process, under the settings that it was made of.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from realtimekit_provider.dynamic.loading import loading_for_good
from realtimekit_provider.dynamic.settings import ConfigReader, Settings, settings_from
from realtimekit_provider.dynamic.voice import Engine, Voice
from realtimekit_provider.lifecycle.ports import Clock, Ports, Recordings
from realtimekit_provider.lifecycle.run_memory import RunMemory

if TYPE_CHECKING:
    from realtimekit_provider.client.connection import Connection

__all__ = ["Run", "run_of"]


class _SystemClock:
    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class Run:
    """Settings, connection and memory of one deployment."""

    settings: Settings
    engine: Engine = field(default_factory=Engine)
    memory: RunMemory = field(default_factory=RunMemory)
    clock: Clock = field(default_factory=_SystemClock)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _connection: Connection | None = None

    def voice(self, urn: object) -> Voice:
        """Return the voice that speaks on the row of the resource ``urn``."""
        return Voice(self.engine, urn if isinstance(urn, str) else "")

    def ports(self, account_id: str, app_id: str, urn: object) -> Ports:
        """Return what an operation on a recording of this app has at hand.

        Raises:
            SettingsError: There is no token, or a setting is not usable.
        """
        return Ports(
            recordings=self.recordings(account_id, app_id, urn),
            reporter=self.voice(urn),
            clock=self.clock,
            memory=self.memory,
            bounds=self.settings.bounds,
            track_api=self.settings.defaults.track_api,
        )

    def default_apps(self) -> list[dict[str, str]]:
        """Return the app that the stack's settings name, as a list of one or none."""
        defaults = self.settings.defaults
        if defaults.account_id is None or defaults.app_id is None:
            return []
        return [{"account_id": defaults.account_id, "app_id": defaults.app_id}]

    def recordings(self, account_id: str, app_id: str, urn: object) -> Recordings:
        """Return the recordings of an app, whose long pauses are told on the row of ``urn``.

        Raises:
            SettingsError: There is no token, or a setting is not usable.
        """
        # Here and not above: the program's own process, which calls nobody, never loads HTTP.
        with self._lock:
            with loading_for_good():
                from realtimekit_provider.dynamic.calls import api_of, connect  # noqa: PLC0415
            if self._connection is None:
                self._connection = connect(self.settings)
        return api_of(self._connection, account_id, app_id, self.voice(urn).progress)


class _Runs:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: list[Run] = []

    def of(self, settings: Settings) -> Run:
        with self._lock:
            for run in self._runs:
                if run.settings == settings:
                    return run
            self._runs.append(Run(settings))
            return self._runs[-1]


_RUNS = _Runs()


def run_of(config: ConfigReader) -> Run:
    """Return the run of this process for a stack's config."""
    return _RUNS.of(settings_from(config))
