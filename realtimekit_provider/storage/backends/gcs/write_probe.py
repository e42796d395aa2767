"""Whether a service account's key can write."""

from __future__ import annotations

import secrets
from contextlib import suppress
from urllib.parse import quote

from realtimekit_provider.api.models.storage_config import GcsStorageConfig, StorageConfig
from realtimekit_provider.errors import StorageError
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.api import ApiCall, build_storage_url
from realtimekit_provider.storage.backends.gcs.session import GoogleSession

__all__ = ["GcsWriteProbe"]

_PROBE_NAME = ".realtimekit-write-test-"
_PERMISSION = "storage.objects.create"
_CLIENT_CLOSED_REQUEST = 499  # how Google confirms that an upload was cancelled


class GcsWriteProbe:
    """Starts a resumable upload and cancels it; no object ever appears."""

    def check(self, config: StorageConfig, host_key: str | None) -> None:  # noqa: ARG002 - SFTP's
        if not isinstance(config, GcsStorageConfig):
            raise TypeError(f"GcsWriteProbe checks gcs, not {config.type}")
        folder = (config.path or "").strip("/")
        about = describe("bucket", config.bucket, "gcs", config.region, path=folder)
        below = f"the objects below {folder}/ in " if folder else ""
        session = GoogleSession.for_key(
            config.secret.get_secret_value(), about, f"{below}the bucket {config.bucket}"
        )
        name = "/".join(filter(None, (folder, _PROBE_NAME + secrets.token_hex(8))))
        start = ApiCall(
            "POST",
            build_storage_url(f"upload/storage/v1/b/{quote(config.bucket, safe='')}/o"),
            about,
            "objects.insert",
            _PERMISSION,
            params={"uploadType": "resumable", "name": name},
            body={},
        )
        upload = session.send(start).headers.get("Location", "")
        if not upload.startswith(build_storage_url("")):
            return  # an address that is not Google's gets no token
        # An upload without data is nothing that anybody sees, and Google drops it by itself:
        # that it could not be cancelled says nothing about the credential.
        with suppress(StorageError):
            cancel = ApiCall("DELETE", upload, about, "objects.insert", _PERMISSION)
            session.send(cancel, _CLIENT_CLOSED_REQUEST)
