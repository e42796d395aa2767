"""Which room of ``clouds`` serves which kind of storage; each is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from realtimekit_provider.clouds.ports import Places, Prover, Writers
from realtimekit_provider.wire.storage import StorageConfig

__all__ = ["places", "prove", "writers"]

_PLACES = {
    "aws": "aws.AwsPlaces",
    "azure": "azure.AzurePlaces",
    "digitalocean": "spaces.SpacesPlaces",
    "gcs": "gcs.GcsPlaces",
    "sftp": "sftp.SftpPlaces",
}
_WRITERS = {
    "aws": "aws_iam.AwsWriters",
    "azure": "azure.AzureWriters",
    "gcs": "gcs_iam.GcsWriters",
}
_PROVERS = {
    "aws": "aws.AwsProver",
    "azure": "azure.AzureProver",
    "digitalocean": "spaces.SpacesProver",
    "gcs": "gcs.GcsProver",
    "sftp": "sftp.SftpProver",
}


def places(kind: str) -> Places[Any]:
    """Return what makes and deletes places of a kind."""
    return cast("Places[Any]", _made(_PLACES[kind]))


def writers(kind: str) -> Writers[Any]:
    """Return what makes and deletes writers of a kind."""
    return cast("Writers[Any]", _made(_WRITERS[kind]))


def prove(config: StorageConfig, host_key: str | None) -> None:
    """Write with a ``storage_config`` at its very path, and take it back."""
    prover = cast("Prover", _made(_PROVERS[config.type]))
    prover.prove(config, host_key)


def _made(path: str) -> object:
    module, name = path.split(".")
    return getattr(import_module(f"realtimekit_provider.clouds.{module}"), name)()
