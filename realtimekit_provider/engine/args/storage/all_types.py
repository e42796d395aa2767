"""The storage types together: what a plain dict can describe."""

from __future__ import annotations

from typing import TypeAlias

from realtimekit_provider.engine.args.storage.aws import AwsStorageConfigArgsDict
from realtimekit_provider.engine.args.storage.azure import AzureStorageConfigArgsDict
from realtimekit_provider.engine.args.storage.digitalocean import DigitalOceanStorageConfigArgsDict
from realtimekit_provider.engine.args.storage.gcs import GcsStorageConfigArgsDict
from realtimekit_provider.engine.args.storage.sftp import SftpStorageConfigArgsDict

__all__ = ["StorageConfigArgsDict"]

StorageConfigArgsDict: TypeAlias = (
    AwsStorageConfigArgsDict
    | AzureStorageConfigArgsDict
    | DigitalOceanStorageConfigArgsDict
    | GcsStorageConfigArgsDict
    | SftpStorageConfigArgsDict
)
"""Storage of one's own, as a dict; its ``type`` says which keys it has."""
