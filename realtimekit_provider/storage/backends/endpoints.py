"""Where credentials are sent: over TLS, or to this machine."""

from __future__ import annotations

from urllib.parse import urlsplit

from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.addresses import is_encrypted_or_local

__all__ = ["require_encrypted"]


def require_encrypted(url: str, where: str) -> str:
    """Return ``url``, unless a credential would be sent to it unencrypted.

    Args:
        url: What is about to be called.
        where: The setting that names it, for the text of the refusal.

    Raises:
        StorageError: It is neither https nor on loopback.
    """
    if is_encrypted_or_local(url):
        return url
    raise StorageError(
        f"{where} must be https: {urlsplit(url).scheme}://{urlsplit(url).hostname} would get the "
        "credential unencrypted (http is for loopback only)"
    )
