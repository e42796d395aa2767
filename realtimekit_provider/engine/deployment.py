"""What all operations of one deployment share.

A deployment is one provider process. Each provider class is configured on its own, so all of
them find the same deployment through the process, by the settings that it was made of.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from realtimekit_provider.deployment.ports import Clock, Ports, Recordings
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.engine.garbage_collection import import_without_gc
from realtimekit_provider.engine.log import EngineClient, ResourceLog, send_logs_to_engine
from realtimekit_provider.engine.sdk_process import count_operations, find_current_urn
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
    """The settings, the API session and the registry of one deployment.

    Attributes:
        settings: What the stack's config and the environment set.
        engine: The engine that started this process.
        registry: What the operations of the deployment tell each other.
        clock: Monotonic seconds, and waiting.
    """

    settings: Settings
    engine: EngineClient = field(default_factory=EngineClient)
    registry: RunRegistry = field(default_factory=RunRegistry)
    clock: Clock = field(default_factory=_SystemClock)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _session: ApiSession | None = None

    def get_log(self, urn: object) -> ResourceLog:
        """Return the log that writes on the row of the resource that the engine asks about.

        Where that cannot be seen, it is ``urn``.
        """
        return ResourceLog(self.engine, find_current_urn() or (urn if isinstance(urn, str) else ""))

    def get_default_apps(self) -> list[dict[str, Any]]:
        """Return the app that the stack's settings name, as a list of one or none.

        Returns:
            Mappings with ``account_id`` and ``app_id``.
        """
        defaults = self.settings.defaults
        if defaults.account_id is None or defaults.app_id is None:
            return []
        return [{"account_id": defaults.account_id, "app_id": defaults.app_id}]

    def create_ports(self, account_id: str, app_id: str, urn: object) -> Ports:
        """Return what an operation on a recording of this app works with.

        Raises:
            SettingsError: There is no token, or a setting is not usable.
        """
        return Ports(
            recordings=self.create_client(account_id, app_id, urn),
            reporter=self.get_log(urn),
            clock=self.clock,
            registry=self.registry,
            timing=self.settings.timing,
            track_api=self.settings.defaults.track_api,
            max_operations=count_operations(),
        )

    def create_client(self, account_id: str, app_id: str, urn: object) -> Recordings:
        """Return the recordings of an app; long pauses are shown on the row of ``urn``.

        Raises:
            SettingsError: There is no token, or a setting is not usable.
        """
        # Imported here: the program's own process, which makes no calls, never loads HTTP.
        with self._lock:
            with import_without_gc():
                from realtimekit_provider.engine.api_client import create_client, create_session  # noqa: PLC0415
            if self._session is None:
                self._session = create_session(self.settings)
        return create_client(self._session, account_id, app_id, self.get_log(urn).progress)


class _DeploymentStore:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deployments: list[Deployment] = []

    def get_or_create(self, settings: Settings) -> Deployment:
        with self._lock:
            for deployment in self._deployments:
                if deployment.settings == settings:
                    return deployment
            self._deployments.append(Deployment(settings))
            send_logs_to_engine(self._deployments[-1].engine)
            return self._deployments[-1]


_DEPLOYMENTS = _DeploymentStore()


def get_deployment(config: ConfigReader) -> Deployment:
    """Return the deployment of this process for a stack's config."""
    return _DEPLOYMENTS.get_or_create(read_settings(config))
