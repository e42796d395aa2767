"""The uploaders that upload."""

from __future__ import annotations

from typing import TYPE_CHECKING

from realtimekit_emulator.uploads.azure import AzureUploader
from realtimekit_emulator.uploads.endpoint import Endpoint
from realtimekit_emulator.uploads.gcs import GcsUploader
from realtimekit_emulator.uploads.s3 import S3Uploader
from realtimekit_emulator.uploads.sftp import SftpUploader

if TYPE_CHECKING:
    from realtimekit_emulator.uploads.uploader import Uploader


def real_uploaders(
    *,
    aws_endpoint: str | None = None,
    spaces_endpoint: str | None = None,
    gcs_endpoint: str | None = None,
) -> dict[str, Uploader]:
    """Return an uploader for each type of storage_config, for stand-ins on this machine.

    The endpoints are URLs on loopback, and only the clouds that are used need one. Azure's is in
    the connection string, and SFTP's is the host.
    """
    return {
        "aws": S3Uploader(Endpoint("aws_endpoint", aws_endpoint)),
        "azure": AzureUploader(),
        "digitalocean": S3Uploader(Endpoint("spaces_endpoint", spaces_endpoint)),
        "gcs": GcsUploader(Endpoint("gcs_endpoint", gcs_endpoint)),
        "sftp": SftpUploader(),
    }
