"""Whether a service account's key can write."""

from __future__ import annotations

import secrets
from contextlib import closing, suppress
from typing import Any

from typing_extensions import override

from realtimekit_provider.api.models.storage_config import GcsStorageConfig, StorageConfig
from realtimekit_provider.errors import StorageError
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.api import ApiCall, Operation, build_storage_url
from realtimekit_provider.storage.backends.gcs.credentials import parse_service_account_key
from realtimekit_provider.storage.backends.gcs.session import GoogleSession
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.ports import WriteProbe

__all__ = ["GcsWriteProbe"]

_PROBE_NAME = ".realtimekit-write-test-"
_INSERT = Operation("objects.insert", "storage.objects.create")
_OK = 200
_CLIENT_CLOSED_REQUEST = 499  # how Google confirms that an upload was cancelled


class GcsWriteProbe(WriteProbe):
    """Starts a resumable upload and cancels it; no object ever appears."""

    @override
    def check(
        self,
        config: StorageConfig,
        host_key: str | None,
        endpoint: str | None = None,
    ) -> None:
        if not isinstance(config, GcsStorageConfig):
            raise TypeError(f"GcsWriteProbe checks gcs, not {config.type}")
        folder = (config.path or "").strip("/")
        about = describe("bucket", config.bucket, "gcs", config.region, path=folder)
        below = f"the objects below {folder}/ in " if folder else ""
        caller = parse_service_account_key(
            config.secret.get_secret_value(), about, f"{below}the bucket {config.bucket}"
        )
        name = "/".join(filter(None, (folder, _PROBE_NAME + secrets.token_hex(8))))

        def start_upload(client: Any) -> str:
            blob = client.bucket(config.bucket).blob(name)
            return str(blob.create_resumable_upload_session(checksum=None, retry=None))

        # The SDK raises a status of 200 where the answer names no address to upload to.
        with closing(StorageClient(caller)) as client:
            upload = client.try_call(_INSERT, start_upload, _OK)
        if not isinstance(upload, str) or not upload.startswith(f"{build_storage_url()}/"):
            return  # an address that is not Google's gets no token
        # An upload without data is nothing that anybody sees, and Google drops it by itself:
        # that it could not be cancelled says nothing about the credential.
        with suppress(StorageError), closing(GoogleSession(caller)) as session:
            session.send(ApiCall("DELETE", upload, about, _INSERT), _CLIENT_CLOSED_REQUEST)
