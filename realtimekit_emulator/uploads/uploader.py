"""What an uploader is given, and what it has to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol


class UploadError(Exception):
    """A file could not be delivered; the text must not hold a secret."""


@dataclass(frozen=True)
class Upload:
    """One file of a recording on its way to one output.

    ``storage`` is the storage_config that the recording was started with, secrets included; it is
    None where the file goes to the API's own bucket.
    """

    recording_id: str
    layer: str
    file_name: str
    output_type: str
    data: bytes = field(repr=False)
    storage: dict[str, Any] | None = field(default=None, repr=False)


class Uploader(Protocol):
    """Delivers files.

    ``blocking`` says whether `upload` waits for a network or a disk; such an uploader is called
    in a thread. An `UploadError`, or any other exception, makes the recording ERRORED.
    """

    blocking: bool

    def upload(self, upload: Upload) -> None:
        """Deliver one file, or raise UploadError."""


def object_key(upload: Upload) -> str:
    """Return the key of a file below the path of its storage, which may be the root."""
    path = str((upload.storage or {}).get("path") or "").strip("/")
    return f"{path}/{upload.file_name}" if path else upload.file_name


def describe(upload: Upload) -> str:
    """Name the target of an upload without its secrets."""
    if upload.storage is None:
        return upload.output_type
    kind = upload.storage.get("type", "unknown")
    if kind == "sftp":
        place = f"{upload.storage.get('host')}:{upload.storage.get('port')}"
    else:
        place = str(upload.storage.get("bucket"))
    return f"{kind} {place}/{object_key(upload)}"
