"""Uploads to Azure Blob Storage, with azure-storage-blob."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.loopback import is_loopback_url
from realtimekit_emulator.uploads.endpoint import create_not_loopback_error
from realtimekit_emulator.uploads.sdk import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    create_rejection_error,
    import_sdk,
)
from realtimekit_emulator.uploads.storage_type import StorageType
from realtimekit_emulator.uploads.uploader import Upload, UploadError

_EXTRA = "azure"


class AzureUploader:
    """Creates blobs at the endpoint of a connection string, with its account key or its SAS."""

    blocking = True

    def upload(self, upload: Upload) -> None:
        """Create one blob, in one request that needs no right but to create."""
        errors = import_sdk("azure.core.exceptions", _EXTRA)
        settings = import_sdk("azure.storage.blob", _EXTRA).ContentSettings(
            content_type="audio/webm"
        )
        with _create_client(upload, upload.storage or {}) as client:
            try:
                client.upload_blob(upload.data, overwrite=False, content_settings=settings)
            except errors.HttpResponseError as error:
                code = getattr(error, "error_code", None)
                # Some codes are members of an enumeration, others are plain texts.
                code = getattr(code, "value", code)
                raise create_rejection_error(error.status_code, code) from None


def _create_client(upload: Upload, storage: dict[str, Any]) -> Any:
    transport = import_sdk("azure.core.pipeline.transport", _EXTRA).RequestsTransport
    try:
        client = import_sdk("azure.storage.blob", _EXTRA).BlobClient.from_connection_string(
            storage["access_key"],
            storage["bucket"],
            upload.object_key,
            # No proxy, not even one that the environment names.
            transport=transport(use_env_settings=False),
            permit_redirects=False,
            connection_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retry_total=0,
        )
    except ValueError:
        raise UploadError("the access_key is not a connection string") from None
    # The hosts that the client itself has read, so that nothing reads them in another way.
    for host in (client.primary_hostname, client.secondary_hostname):
        if host and not is_loopback_url(f"{client.scheme}://{host}"):
            raise create_not_loopback_error("the BlobEndpoint of the connection string")
    return client


AZURE = StorageType(
    name="azure",
    uploader=AzureUploader,
    required_fields=("access_key", "bucket"),
    secret_fields=frozenset({"access_key"}),
)
