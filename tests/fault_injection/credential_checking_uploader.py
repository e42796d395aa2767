"""Storage that takes a file only from a credential that is still good."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from realtimekit_emulator.uploads import Upload, UploadError

__all__ = ["Vault"]


class Vault:
    """An uploader of the emulator; ``takes`` says whether a storage_config is let in."""

    blocking = True

    def __init__(self, takes: Callable[[Mapping[str, Any]], bool]) -> None:
        self._takes = takes

    def upload(self, upload: Upload) -> None:
        if not self._takes(upload.storage or {}):
            raise UploadError("the credential is no longer known")
