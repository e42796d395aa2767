"""The API's client, made of a stack's settings; loaded only where calls are made."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from realtimekit_provider.api.client import RecordingsClient
from realtimekit_provider.api.rate_limiter import scaled_limits
from realtimekit_provider.api.retry import RetrySettings
from realtimekit_provider.api.session import ApiSession
from realtimekit_provider.api.settings import ClientSettings, validate_base_url
from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.deployment.ports import Recordings
from realtimekit_provider.engine.settings import Settings
from realtimekit_provider.errors import SettingsError

__all__ = ["create_client", "create_session"]


def create_session(settings: Settings, retry: RetrySettings | None = None) -> ApiSession:
    """Return a new session, which all calls of a deployment share.

    Args:
        settings: The stack's settings.
        retry: How often and how long a call is tried; as in a deployment by default.

    Raises:
        SettingsError: There is no token, or a setting is not usable.
    """
    if settings.call_failures:
        raise SettingsError("; ".join(map(str, settings.call_failures)))
    if settings.token is None:
        raise SettingsError(
            "there is no API token: set CLOUDFLARE_API_TOKEN in the environment of the pipeline, "
            "or run 'pulumi config set --secret cloudflare:apiToken'"
        )
    client = ClientSettings(
        token=SecretStr(settings.token),
        base_url=validate_base_url(settings.base_url or PUBLIC_BASE_URL),
        rate_limits=scaled_limits(settings.rate_limit_share),
        retry=retry or RetrySettings(),
    )
    return ApiSession(client)


def create_client(
    session: ApiSession, account_id: str, app_id: str, progress: Callable[[str], None]
) -> Recordings:
    """Return the recordings of an app; ``progress`` is called with a text at each long pause."""
    return RecordingsClient(session, account_id, app_id, progress)
