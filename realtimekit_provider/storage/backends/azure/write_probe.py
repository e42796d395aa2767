"""Whether a connection string can write to Azure."""

from __future__ import annotations

from typing_extensions import override

from realtimekit_provider.api.models.storage_config import AzureStorageConfig, StorageConfig
from realtimekit_provider.storage.backends.azure.client import create_container_client
from realtimekit_provider.storage.backends.azure.errors import translate_errors
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.ports import WriteProbe

__all__ = ["PROBE_NAME", "AzureWriteProbe"]

PROBE_NAME = ".realtimekit-write-test"
"""The one name of all write tests: what they leave to Azure is then one block at most."""

_PERMISSION = "the right to create and write (sp=cw in a SAS)"


class AzureWriteProbe(WriteProbe):
    """Sends a block that is never committed: no blob appears, and Azure drops it by itself."""

    @override
    def check(
        self,
        config: StorageConfig,
        host_key: str | None,
        endpoint: str | None = None,
    ) -> None:
        if not isinstance(config, AzureStorageConfig):
            raise TypeError(f"AzureWriteProbe checks azure, not {config.type}")
        folder = (config.path or "").strip("/")
        container = create_container_client(config.access_key.get_secret_value(), config.bucket)
        context = _build_context(config, container.account_name)
        blob = container.get_blob_client("/".join(filter(None, (folder, PROBE_NAME))))
        with container, translate_errors(context, "Put Block", _PERMISSION):
            blob.stage_block("cHJvYmU=", b"RealtimeKit write test")


def _build_context(config: AzureStorageConfig, account: str | None) -> ErrorContext:
    where = (f"account {account}",) if account else ()  # an endpoint of one's own names none
    return ErrorContext(
        about=describe("container", config.bucket, "azure", *where, path=config.path),
        service="Azure",
        credentials="the credentials of the storage_config",
        remedy="Use the connection string that the container's writer has now.",
        resource=f"the container {config.bucket}",
        secrets=(config.access_key.get_secret_value(),),
    )
