"""Clients of the SDK that serves AWS and Spaces."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from realtimekit_provider.redaction import remember_secrets
from realtimekit_provider.storage.backends.endpoints import require_encrypted
from realtimekit_provider.storage.backends.s3.call_log import log_calls
from realtimekit_provider.storage.backends.s3.errors import import_sdk

__all__ = ["create_client"]


def create_client(
    service: str,
    region: str,
    *,
    options: Mapping[str, Any] | None = None,
    config: Mapping[str, Any] | None = None,
) -> Any:
    """Return an SDK client that gives up soon instead of holding up a deployment.

    Each has a session of its own: sessions are not made for threads, and credentials may be
    others by the next run in the same process. What is costly in one, the description of
    AWS's APIs, is read once.

    Args:
        service: ``s3`` or ``iam``.
        region: The region, as the SDK writes it.
        options: Arguments of boto3's ``Session.client``, such as credentials.
        config: Arguments of botocore's ``Config``, beside the timeouts.

    Raises:
        StorageSettingsError: The endpoint is neither https nor on loopback.
    """
    settings = import_sdk("botocore.config").Config(
        connect_timeout=10,
        read_timeout=30,
        retries={"total_max_attempts": 2, "mode": "standard"},
        **(config or {}),
    )
    core = import_sdk("botocore.session").Session()
    core.register_component("data_loader", _get_loader())
    session = import_sdk("boto3").session.Session(botocore_session=core)
    if "aws_access_key_id" not in (options or {}):
        _remember_credentials(session)
    client = session.client(service, region_name=region, config=settings, **(options or {}))
    log_calls(client, service.upper())
    require_encrypted(client.meta.endpoint_url, "the endpoint (AWS_ENDPOINT_URL, endpoint)")
    return client


def _remember_credentials(session: Any) -> None:
    """Let no text hold what the SDK found; it looks only once."""
    if (credentials := session.get_credentials()) is not None:
        frozen = credentials.get_frozen_credentials()
        remember_secrets(frozen.access_key, frozen.secret_key, frozen.token)


@cache
def _get_loader() -> Any:
    return import_sdk("botocore.loaders").create_loader()
