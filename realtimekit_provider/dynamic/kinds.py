"""Which room of ``clouds`` serves which kind of storage; each is loaded when it is first used."""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

from realtimekit_provider.clouds.ports import Places, Prover, Writers
from realtimekit_provider.wire.storage import StorageConfig

__all__ = ["places", "prove", "writers"]

_ROOMS = {
    "aws": ("aws", "Aws"),
    "azure": ("azure", "Azure"),
    "digitalocean": ("spaces", "Spaces"),
    "gcs": ("gcs", "Gcs"),
    "sftp": ("sftp", "Sftp"),
}


def places(kind: str) -> Places[Any]:
    """Return what makes and deletes places of a kind."""
    return cast("Places[Any]", _made(kind, "Places"))


def writers(kind: str) -> Writers[Any]:
    """Return what makes and deletes writers of a kind."""
    return cast("Writers[Any]", _made(kind, "Writers"))


def prove(config: StorageConfig, host_key: str | None) -> None:
    """Write with a ``storage_config`` at its very path, and take it back."""
    prover = cast("Prover", _made(config.type, "Prover"))
    prover.prove(config, host_key)


def _made(kind: str, capability: str) -> object:
    module, prefix = _ROOMS[kind]
    room = import_module(f"realtimekit_provider.clouds.{module}")
    return getattr(room, f"{prefix}{capability}")()
