"""Storage that accepts a file only with a credential that is still valid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from realtimekit_emulator.uploads import Upload, UploadError

__all__ = ["CredentialCheckingUploader"]


class CredentialCheckingUploader:
    """An uploader of the emulator.

    Args:
        is_valid: Whether the credential in a ``storage_config`` is valid.
    """

    blocking = True

    def __init__(self, is_valid: Callable[[Mapping[str, Any]], bool]) -> None:
        self._is_valid = is_valid

    def upload(self, upload: Upload) -> None:
        """Accept a file, or fail the upload."""
        if not self._is_valid(upload.storage or {}):
            raise UploadError("the credential is no longer valid")
