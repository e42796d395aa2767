"""The SDK that speaks SFTP."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.storage.backends.sdk_imports import import_alone

__all__ = ["import_sdk"]


def import_sdk() -> Any:
    """Import asyncssh.

    Raises:
        MissingSdkError: It is not installed.
    """
    with import_alone("SFTP", "sftp"):
        import asyncssh
    return asyncssh
