"""The SDK that speaks SFTP."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.storage.backends.errors import build_missing_sdk_error

__all__ = ["import_sdk"]


def import_sdk() -> Any:
    """Import asyncssh.

    Raises:
        MissingSdkError: It is not installed.
    """
    try:
        import asyncssh
    except ImportError:
        raise build_missing_sdk_error("SFTP", "sftp") from None
    return asyncssh
