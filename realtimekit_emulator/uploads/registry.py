"""The types of storage that the emulated API knows: a new one is a line of `STORAGE_TYPES`."""

from __future__ import annotations

from collections.abc import Mapping

from realtimekit_emulator.uploads.azure import AZURE
from realtimekit_emulator.uploads.gcs import GCS
from realtimekit_emulator.uploads.s3 import AWS, DIGITALOCEAN
from realtimekit_emulator.uploads.sftp import SFTP
from realtimekit_emulator.uploads.storage_type import EndpointOption, StorageType
from realtimekit_emulator.uploads.uploader import Upload, Uploader

STORAGE_TYPES: Mapping[str, StorageType] = {
    storage_type.name: storage_type for storage_type in (AWS, AZURE, DIGITALOCEAN, GCS, SFTP)
}
"""The types of storage_config by their names, in the order of the API's error messages."""

STORAGE_FIELDS = tuple(sorted({name for one in STORAGE_TYPES.values() for name in one.fields}))
"""The fields of all types together, but for ``type``; the API allows each of them in each type."""

SECRET_FIELDS = frozenset(name for one in STORAGE_TYPES.values() for name in one.secret_fields)
"""The fields that are credentials."""

ENDPOINT_OPTIONS: tuple[EndpointOption, ...] = tuple(
    one.endpoint_option for one in STORAGE_TYPES.values() if one.endpoint_option is not None
)
"""The options that `real_uploaders` and the command line take."""


def real_uploaders(**endpoints: str | None) -> dict[str, Uploader]:
    """Return an uploader for each type of storage_config, for test servers on this machine.

    Args:
        endpoints: ``aws_endpoint``, ``spaces_endpoint`` and ``gcs_endpoint``: URLs on loopback.
            Only a cloud that is used needs one. Azure's is in the connection string, and SFTP's
            is the host.

    Raises:
        NotLoopbackError: A URL is not on this machine.
        TypeError: There is no such endpoint.
    """
    unknown = endpoints.keys() - {option.name for option in ENDPOINT_OPTIONS}
    if unknown:
        known = ", ".join(option.name for option in ENDPOINT_OPTIONS)
        raise TypeError(f"there is no {', '.join(sorted(unknown))}; the endpoints are {known}")
    return {
        name: storage_type.create_uploader(
            endpoints.get(storage_type.endpoint_option.name)
            if storage_type.endpoint_option
            else None
        )
        for name, storage_type in STORAGE_TYPES.items()
    }


def describe_target(upload: Upload) -> str:
    """Return where an upload goes, without its secrets: ``aws BUCKET/KEY``, for instance."""
    if upload.storage is None:
        return upload.output_type
    storage_type = STORAGE_TYPES[upload.storage["type"]]
    location = storage_type.describe_location(upload.storage)
    return f"{storage_type.name} {location}/{upload.object_key}"
