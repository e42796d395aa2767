"""Whether an S3 key can write."""

from __future__ import annotations

from contextlib import closing

from typing_extensions import override

from realtimekit_provider.api.models.storage_config import AwsStorageConfig, StorageConfig
from realtimekit_provider.storage.backends.aws.partitions import build_bucket_arn
from realtimekit_provider.storage.backends.errors import ErrorContext, describe
from realtimekit_provider.storage.backends.ports import WriteProbe
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.backends.s3.errors import translate_errors
from realtimekit_provider.storage.backends.s3.write_probe import probe_upload

__all__ = ["AwsWriteProbe"]


class AwsWriteProbe(WriteProbe):
    """Checks an S3 key by starting and aborting a multipart upload."""

    @override
    def check(
        self,
        config: StorageConfig,
        host_key: str | None,
        endpoint: str | None = None,
    ) -> None:
        if not isinstance(config, AwsStorageConfig):
            raise TypeError(f"AwsWriteProbe checks aws, not {config.type}")
        key, secret = config.access_key.get_secret_value(), config.secret.get_secret_value()
        credentials = {"aws_access_key_id": key, "aws_secret_access_key": secret}
        context = _build_context(config, key, secret)
        with (
            translate_errors(context),
            closing(create_client("s3", config.region, options=credentials)) as client,
        ):
            probe_upload(client, config.bucket, config.path, context)


def _build_context(config: AwsStorageConfig, *secrets: str) -> ErrorContext:
    folder = (config.path or "").strip("/")
    below = f"{folder}/*" if folder else "*"
    return ErrorContext(
        about=describe("bucket", config.bucket, "aws", config.region, path=config.path),
        service="AWS",
        credentials="the credentials of the storage_config",
        remedy="Use the key that the bucket's writer has now.",
        resource=f"{build_bucket_arn(config.bucket, config.region)}/{below}",
        secrets=secrets,
    )
