"""Uploads to Azure Blob Storage, with azure-storage-blob."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from realtimekit_emulator.loopback import is_loopback_url
from realtimekit_emulator.uploads.endpoint import elsewhere
from realtimekit_emulator.uploads.sdk import CONNECT_SECONDS, READ_SECONDS, refusal, sdk
from realtimekit_emulator.uploads.uploader import UploadError, object_key

if TYPE_CHECKING:
    from realtimekit_emulator.uploads.uploader import Upload

_EXTRA = "azure"


class AzureUploader:
    """Creates blobs where the connection string leads to, with its account key or its SAS."""

    blocking = True

    def upload(self, upload: Upload) -> None:
        """Create one blob, in one request that needs no right but to create."""
        errors = sdk("azure.core.exceptions", _EXTRA)
        with _client(upload, upload.storage or {}) as client:
            try:
                client.upload_blob(upload.data, overwrite=False, content_settings=_content())
            except errors.HttpResponseError as error:
                code = getattr(error, "error_code", None)
                # Some codes are members of an enumeration, others are plain texts.
                raise refusal(error.status_code, getattr(code, "value", code)) from None


def _client(upload: Upload, storage: dict[str, Any]) -> Any:
    transport = sdk("azure.core.pipeline.transport", _EXTRA).RequestsTransport
    try:
        client = sdk("azure.storage.blob", _EXTRA).BlobClient.from_connection_string(
            storage["access_key"],
            storage["bucket"],
            object_key(upload),
            # No proxy, not even one that the environment names.
            transport=transport(use_env_settings=False),
            permit_redirects=False,
            connection_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retry_total=0,
        )
    except ValueError:
        message = "the access_key is not a connection string"
        raise UploadError(message) from None
    # Asked of the client, so that nobody else has to read connection strings the same way.
    for host in (client.primary_hostname, client.secondary_hostname):
        if host and not is_loopback_url(f"{client.scheme}://{host}"):
            what = "the BlobEndpoint of the connection string"
            raise elsewhere(what)
    return client


def _content() -> Any:
    return sdk("azure.storage.blob", _EXTRA).ContentSettings(content_type="audio/webm")
