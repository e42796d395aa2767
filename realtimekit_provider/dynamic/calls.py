"""Puts the client behind the lifecycle's port; loaded only where calls are made."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from realtimekit_provider.client.api import RecordingsApi
from realtimekit_provider.client.connection import Connection
from realtimekit_provider.client.settings import (
    PUBLIC_BASE_URL,
    ClientSettings,
    budgets_of,
    validated_base_url,
)
from realtimekit_provider.dynamic.settings import Settings
from realtimekit_provider.errors import SettingsError
from realtimekit_provider.lifecycle.ports import Recordings

__all__ = ["api_of", "connect"]


def connect(settings: Settings) -> Connection:
    """Return the connection that all calls of a run share.

    Raises:
        SettingsError: There is no token, or a setting is not usable.
    """
    if settings.problems:
        listed = "; ".join(f"{problem.path} {problem.reason}" for problem in settings.problems)
        raise SettingsError(listed)
    if settings.token is None:
        raise SettingsError(
            "there is no API token: set CLOUDFLARE_API_TOKEN in the environment of the pipeline, "
            "or run 'pulumi config set --secret cloudflare:apiToken'"
        )
    client = ClientSettings(
        token=SecretStr(settings.token),
        base_url=validated_base_url(settings.base_url or PUBLIC_BASE_URL),
        budgets=budgets_of(settings.limiter),
    )
    return Connection(client)


def api_of(
    connection: Connection, account_id: str, app_id: str, progress: Callable[[str], None]
) -> Recordings:
    """Return the recordings of an app, whose long pauses are told to ``progress``."""
    return RecordingsApi(connection, account_id, app_id, progress)
