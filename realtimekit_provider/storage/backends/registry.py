"""Which room of ``clouds`` serves which kind of storage; each is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.storage.backends.ports import LocationBackend, WriteProbe, WriterBackend

__all__ = ["check_write_access", "location_backend", "writer_backend"]

_LOCATION_BACKENDS = {
    "aws": "aws.buckets.AwsLocationBackend",
    "azure": "azure.containers.AzureLocationBackend",
    "digitalocean": "spaces.buckets.SpacesLocationBackend",
    "gcs": "gcs.buckets.GcsLocationBackend",
    "sftp": "sftp.folders.SftpLocationBackend",
}
_WRITER_BACKENDS = {
    "aws": "aws.iam.AwsWriterBackend",
    "azure": "azure.containers.AzureWriterBackend",
    "gcs": "gcs.iam.GcsWriterBackend",
}
_WRITE_PROBES = {
    "aws": "aws.buckets.AwsWriteProbe",
    "azure": "azure.containers.AzureWriteProbe",
    "digitalocean": "spaces.buckets.SpacesWriteProbe",
    "gcs": "gcs.buckets.GcsWriteProbe",
    "sftp": "sftp.folders.SftpWriteProbe",
}


def location_backend(kind: str) -> LocationBackend[Any]:
    """Return what makes and deletes places of a kind."""
    return cast("LocationBackend[Any]", _made(_LOCATION_BACKENDS[kind]))


def writer_backend(kind: str) -> WriterBackend[Any]:
    """Return what makes and deletes writers of a kind."""
    return cast("WriterBackend[Any]", _made(_WRITER_BACKENDS[kind]))


def check_write_access(config: StorageConfig, host_key: str | None) -> None:
    """Write with a ``storage_config`` at its very path, and take it back."""
    prover = cast("WriteProbe", _made(_WRITE_PROBES[config.type]))
    prover.check(config, host_key)


def _made(path: str) -> object:
    module, name = path.rsplit(".", 1)
    return getattr(import_module(f"realtimekit_provider.storage.backends.{module}"), name)()
