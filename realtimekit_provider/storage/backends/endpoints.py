"""Where credentials are sent: over TLS, or to this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from realtimekit_provider.errors import StorageSettingsError
from realtimekit_provider.schema.addresses import is_encrypted_or_local

__all__ = ["require_encrypted"]


def require_encrypted(url: str, setting: str) -> str:
    """Return ``url``, unless a credential would be sent to it unencrypted.

    Args:
        url: What is about to be called.
        setting: The setting that names it, for the text of the error.

    Raises:
        StorageSettingsError: It is neither https nor on loopback.
    """
    if is_encrypted_or_local(url):
        return url
    raise StorageSettingsError(
        f"{setting} must be https: {urlsplit(url).scheme}://{urlsplit(url).hostname} would get the "
        "credential unencrypted (http is for loopback only)"
    )
