"""FROZEN: the provider classes that users' state refers to by module and name.

The engine keeps a pickled reference to the class with each resource. Neither this module nor a
class in it is ever moved or renamed: the state of those who have such a resource could then be
neither read nor deleted.
"""

from __future__ import annotations

from realtimekit_provider.engine.lazy_provider import LazyProvider

__all__ = [
    "StackIdentityProvider",
    "StorageGateProvider",
    "StorageLocationProvider",
    "StorageWriterProvider",
    "TrackRecordingProvider",
]


class TrackRecordingProvider(LazyProvider):
    """The provider of ``TrackRecording``."""

    controller = "realtimekit_provider.recordings.controller:RecordingController"


class StorageLocationProvider(LazyProvider):
    """The provider of ``StorageLocation``."""

    controller = "realtimekit_provider.storage.location.controller:LocationController"


class StorageWriterProvider(LazyProvider):
    """The provider of ``StorageWriter``."""

    controller = "realtimekit_provider.storage.writer.controller:WriterController"


class StorageGateProvider(LazyProvider):
    """The provider of ``StorageGate``."""

    controller = "realtimekit_provider.storage.gate.controller:GateController"


class StackIdentityProvider(LazyProvider):
    """The provider of ``StackIdentity``."""

    controller = "realtimekit_provider.identity.controller:IdentityController"
