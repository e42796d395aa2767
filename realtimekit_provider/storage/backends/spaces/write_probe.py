"""Whether a Spaces key can write."""

from __future__ import annotations

from contextlib import closing

from typing_extensions import override

from realtimekit_provider.api.models.storage_config import DigitalOceanStorageConfig, StorageConfig
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.ports import WriteProbe
from realtimekit_provider.storage.backends.s3.errors import translate_errors
from realtimekit_provider.storage.backends.s3.write_probe import probe_upload
from realtimekit_provider.storage.backends.spaces.client import create_spaces_client

__all__ = ["SpacesWriteProbe"]


class SpacesWriteProbe(WriteProbe):
    """Checks a Spaces key by starting and aborting a multipart upload."""

    @override
    def check(
        self,
        config: StorageConfig,
        host_key: str | None,
        endpoint: str | None = None,
    ) -> None:
        if not isinstance(config, DigitalOceanStorageConfig):
            raise TypeError(f"SpacesWriteProbe checks digitalocean, not {config.type}")
        key, secret = config.access_key.get_secret_value(), config.secret.get_secret_value()
        context = _build_context(config, key, secret)
        with (
            translate_errors(context),
            closing(create_spaces_client(config.region, endpoint, key, secret)) as client,
        ):
            probe_upload(client, config.bucket, config.path, context)


def _build_context(config: DigitalOceanStorageConfig, *secrets: str) -> ErrorContext:
    return ErrorContext(
        about=describe("bucket", config.bucket, "digitalocean", config.region, path=config.path),
        service="Spaces",
        credentials="the credentials of the storage_config",
        remedy="Use a Spaces key that exists, with its own secret.",
        resource=f"the bucket {config.bucket} (a Spaces key with Read/Write/Delete on it has it)",
        secrets=secrets,
    )
