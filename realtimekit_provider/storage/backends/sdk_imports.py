"""Importing the vendors' SDKs, while other threads do the same."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from realtimekit_provider.storage.backends.errors import build_missing_sdk_error

__all__ = ["import_alone"]

_IMPORTING = threading.RLock()


@contextmanager
def import_alone(storage: str, extra: str) -> Iterator[None]:
    """Import an SDK inside the block, one thread at a time.

    SDKs share packages such as ``cryptography``. Of two threads, one of which imports a package
    and the other one a module that the package imports too, each waits for what the other one is
    loading, and Python then fails one of the two imports.

    Args:
        storage: The storage that needs it, as an error text begins.
        extra: The extra of this package that installs it.

    Raises:
        MissingSdkError: It is not installed.
    """
    with _IMPORTING:
        try:
            yield
        except ImportError:
            raise build_missing_sdk_error(storage, extra) from None
