"""What an uploader gets, and what it has to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


class UploadError(Exception):
    """A file could not be delivered; the text must not hold a secret."""


@dataclass(frozen=True)
class Upload:
    """One file of a recording for one output.

    Attributes:
        recording_id: The recording.
        layer: The name of the layer.
        file_name: The name of the file, without a path.
        output_type: The type of the output, such as ``STORAGE_CONFIG``.
        data: The bytes of the file.
        storage: The storage_config that the recording was started with, secrets included; None
            where the file goes to the API's own bucket.
    """

    recording_id: str
    layer: str
    file_name: str
    output_type: str
    data: bytes = field(repr=False)
    storage: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def object_key(self) -> str:
        """Return the key of the file below the path of its storage, which may be the root."""
        path = str((self.storage or {}).get("path") or "").strip("/")
        return f"{path}/{self.file_name}" if path else self.file_name


class Uploader(Protocol):
    """Delivers files.

    ``blocking`` says whether `upload` waits for a network or a disk; such an uploader is called
    in a thread. An `UploadError`, or any other exception, makes the recording ERRORED.
    """

    blocking: bool

    def upload(self, upload: Upload) -> None:
        """Deliver one file, or raise UploadError."""
