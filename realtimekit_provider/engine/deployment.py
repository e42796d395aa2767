"""The context of a run: what all operations of one deployment share.

A run is one provider process. Every provider class is configured on its own, so the one
context is found through the process, under the settings that it was made of.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from realtimekit_provider.deployment.ports import Clock, Ports, Recordings
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.engine.imports import import_without_gc
from realtimekit_provider.engine.log import EngineClient, ResourceLog
from realtimekit_provider.engine.settings import ConfigReader, Settings, read_settings

if TYPE_CHECKING:
    from realtimekit_provider.api.session import ApiSession

__all__ = ["Deployment", "get_deployment"]


class _SystemClock:
    def now(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


@dataclass
class Deployment:
    """Settings, connection and registry of one deployment."""

    settings: Settings
    engine: EngineClient = field(default_factory=EngineClient)
    registry: RunRegistry = field(default_factory=RunRegistry)
    clock: Clock = field(default_factory=_SystemClock)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _connection: ApiSession | None = None

    def log(self, urn: object) -> ResourceLog:
        """Return the log that speaks on the row of the resource ``urn``."""
        return ResourceLog(self.engine, urn if isinstance(urn, str) else "")

    def ports(self, account_id: str, app_id: str, urn: object) -> Ports:
        """Return what an operation on a recording of this app has at hand.

        Raises:
            SettingsError: There is no token, or a setting is not usable.
        """
        return Ports(
            recordings=self.recordings(account_id, app_id, urn),
            reporter=self.log(urn),
            clock=self.clock,
            registry=self.registry,
            timing=self.settings.timing,
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
            with import_without_gc():
                from realtimekit_provider.engine.api_client import create_client, create_session  # noqa: PLC0415
            if self._connection is None:
                self._connection = create_session(self.settings)
        return create_client(self._connection, account_id, app_id, self.log(urn).progress)


class _Deployments:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: list[Deployment] = []

    def of(self, settings: Settings) -> Deployment:
        with self._lock:
            for run in self._runs:
                if run.settings == settings:
                    return run
            self._runs.append(Deployment(settings))
            return self._runs[-1]


_DEPLOYMENTS = _Deployments()


def get_deployment(config: ConfigReader) -> Deployment:
    """Return the run of this process for a stack's config."""
    return _DEPLOYMENTS.of(read_settings(config))
