"""The storage types, and the classes that serve each; a class is imported when it is first used.

A new type is an entry here, a folder beside this file, and a component.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, cast

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.storage.backends.base_models import (
    DeclarationModel,
    LocationModel,
    WriterModel,
)
from realtimekit_provider.storage.backends.ports import LocationBackend, WriteProbe, WriterBackend

__all__ = [
    "STORAGE_TYPES",
    "StorageType",
    "check_write_access",
    "find_environment_failures",
    "find_missing_extra",
    "get_component_class",
    "get_declaration_model",
    "get_location_backend",
    "get_location_model",
    "get_writer_backend",
    "get_writer_model",
    "list_types_with_writers",
    "load_class",
]


@dataclass(frozen=True)
class StorageType:
    """The classes of a storage type, each as ``module:Class`` below ``storage``.

    Attributes:
        location_model: What is declared of a bucket, container or folder.
        location_backend: Makes, reads, changes and deletes it.
        write_probe: Checks that a ``storage_config`` can be written with.
        declaration_model: What a stack's config declares of a storage.
        component: The resource that a program declares.
        sdk: The module of the vendor's SDK, which is no class of ours.
        extra: The extra of this package that installs the SDK.
        writer_model: What is declared of a writer; ``None`` where the type has no identities
            that could be made: users then bring a credential of their own.
        writer_backend: Makes and deletes writers; ``None`` in the same case.
        environment_check: A function that yields what of a location's inputs cannot work with the
            environment of this process; ``None`` where there is no such thing.
    """

    location_model: str
    location_backend: str
    write_probe: str
    declaration_model: str
    component: str
    sdk: str
    extra: str
    writer_model: str | None = None
    writer_backend: str | None = None
    environment_check: str | None = None


STORAGE_TYPES: Mapping[str, StorageType] = {
    "aws": StorageType(
        location_model="backends.aws.models:AwsLocation",
        location_backend="backends.aws.location_backend:AwsLocationBackend",
        write_probe="backends.aws.write_probe:AwsWriteProbe",
        declaration_model="backends.aws.models:AwsDeclaration",
        component="components.aws:AwsRecordingBucket",
        sdk="boto3",
        extra="aws",
        writer_model="backends.aws.models:AwsWriter",
        writer_backend="backends.aws.writer_backend:AwsWriterBackend",
        environment_check="backends.aws.endpoint_check:find_endpoint_failures",
    ),
    "azure": StorageType(
        location_model="backends.azure.models:AzureLocation",
        location_backend="backends.azure.location_backend:AzureLocationBackend",
        write_probe="backends.azure.write_probe:AzureWriteProbe",
        declaration_model="backends.azure.models:AzureDeclaration",
        component="components.azure:AzureRecordingContainer",
        sdk="azure.storage.blob",
        extra="azure",
        writer_model="backends.azure.models:AzureWriter",
        writer_backend="backends.azure.writer_backend:AzureWriterBackend",
    ),
    "digitalocean": StorageType(
        location_model="backends.spaces.models:SpacesLocation",
        location_backend="backends.spaces.location_backend:SpacesLocationBackend",
        write_probe="backends.spaces.write_probe:SpacesWriteProbe",
        declaration_model="backends.spaces.models:SpacesDeclaration",
        component="components.spaces:SpacesRecordingBucket",
        sdk="boto3",
        extra="aws",
    ),
    "gcs": StorageType(
        location_model="backends.gcs.models:GcsLocation",
        location_backend="backends.gcs.location_backend:GcsLocationBackend",
        write_probe="backends.gcs.write_probe:GcsWriteProbe",
        declaration_model="backends.gcs.models:GcsDeclaration",
        component="components.gcs:GcsRecordingBucket",
        sdk="google.cloud.storage",
        extra="gcs",
        writer_model="backends.gcs.models:GcsWriter",
        writer_backend="backends.gcs.writer_backend:GcsWriterBackend",
    ),
    "sftp": StorageType(
        location_model="backends.sftp.models:SftpLocation",
        location_backend="backends.sftp.location_backend:SftpLocationBackend",
        write_probe="backends.sftp.write_probe:SftpWriteProbe",
        declaration_model="backends.sftp.models:SftpDeclaration",
        component="components.sftp:SftpRecordingFolder",
        sdk="asyncssh",
        extra="sftp",
    ),
}
"""Every storage type, by its ``type`` in a ``storage_config``."""


def list_types_with_writers() -> tuple[str, ...]:
    """Return the storage types that this project can make writers for."""
    return tuple(name for name, found in STORAGE_TYPES.items() if found.writer_model)


def load_class(name: str) -> Any:
    """Import the class, or the function, that one part of a :class:`StorageType` names."""
    module, _, class_name = name.partition(":")
    return getattr(import_module(f"realtimekit_provider.storage.{module}"), class_name)


def get_location_model(storage_type: str) -> type[LocationModel]:
    """Return what is declared of a location of this type; ``KeyError`` for an unknown type."""
    return cast("type[LocationModel]", load_class(STORAGE_TYPES[storage_type].location_model))


def get_location_backend(storage_type: str) -> LocationBackend[Any]:
    """Return what makes and deletes locations of this type."""
    return cast("LocationBackend[Any]", load_class(STORAGE_TYPES[storage_type].location_backend)())


def get_writer_model(storage_type: str) -> type[WriterModel]:
    """Return what is declared of a writer; ``KeyError`` where the type has none."""
    found = STORAGE_TYPES[storage_type].writer_model
    if found is None:
        raise KeyError(storage_type)
    return cast("type[WriterModel]", load_class(found))


def get_writer_backend(storage_type: str) -> WriterBackend[Any]:
    """Return what makes and deletes writers; ``KeyError`` where the type has none."""
    found = STORAGE_TYPES[storage_type].writer_backend
    if found is None:
        raise KeyError(storage_type)
    return cast("WriterBackend[Any]", load_class(found)())


def get_declaration_model(storage_type: str) -> type[DeclarationModel]:
    """Return what a stack's config declares of a storage of this type."""
    return cast("type[DeclarationModel]", load_class(STORAGE_TYPES[storage_type].declaration_model))


def get_component_class(storage_type: str) -> Any:
    """Return the component of this type, a subclass of ``RecordingStorage``."""
    return load_class(STORAGE_TYPES[storage_type].component)


def find_missing_extra(storage_type: object) -> str | None:
    """Return the extra to install for storage of this type; its SDK is not imported to find out.

    Returns:
        ``None`` where the SDK is installed, and where there is no such type.
    """
    found = STORAGE_TYPES.get(storage_type) if isinstance(storage_type, str) else None
    if found is None:
        return None
    try:
        is_installed = find_spec(found.sdk) is not None
    except ModuleNotFoundError:  # a package that it is in is missing
        is_installed = False
    return None if is_installed else found.extra


def find_environment_failures(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield what of a location's inputs cannot work with the environment of this process.

    Nothing is called; where the type is not known, or its SDK is not installed, there is none.
    """
    storage_type = inputs.get("type")
    found = STORAGE_TYPES.get(storage_type) if isinstance(storage_type, str) else None
    if found and found.environment_check and find_missing_extra(storage_type) is None:
        yield from load_class(found.environment_check)(inputs)


def check_write_access(
    config: StorageConfig, host_key: str | None, *, endpoint: str | None = None
) -> None:
    """Write with a ``storage_config`` at its very path, and remove what was written.

    Args:
        config: Where to write, and with what.
        host_key: The server's public host key, for SFTP.
        endpoint: Where the cloud is, for Spaces; otherwise where the environment says.

    Raises:
        StorageError: It cannot be written there; see
            :meth:`~realtimekit_provider.storage.backends.ports.WriteProbe.check`.
    """
    probe = cast("WriteProbe", load_class(STORAGE_TYPES[config.type].write_probe)())
    probe.check(config, host_key, endpoint)
