"""Uploads to S3 and to Spaces, which speaks S3, with boto3."""

from __future__ import annotations

import threading
from typing import Any

from realtimekit_emulator.uploads.endpoint import Endpoint
from realtimekit_emulator.uploads.sdk import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    create_rejection_error,
    import_sdk,
)
from realtimekit_emulator.uploads.storage_type import EndpointOption, StorageType
from realtimekit_emulator.uploads.uploader import Upload

_EXTRA = "aws"


class S3Uploader:
    """Puts files into buckets at one endpoint, whatever the region is.

    It only puts objects, because a writer may have the right to nothing else.
    """

    blocking = True

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._session: Any = None
        self._lock = threading.Lock()

    def upload(self, upload: Upload) -> None:
        """Put one file."""
        storage = upload.storage or {}
        client = self._create_client(self._endpoint.get_url(), storage)
        errors = import_sdk("botocore.exceptions", _EXTRA)
        try:
            client.put_object(
                Bucket=storage["bucket"],
                Key=upload.object_key,
                Body=upload.data,
                ContentType="audio/webm",
            )
        except errors.ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            code = error.response.get("Error", {}).get("Code")
            raise create_rejection_error(status, code) from None
        finally:
            client.close()

    def _create_client(self, url: str, storage: dict[str, Any]) -> Any:
        config = import_sdk("botocore.config", _EXTRA).Config(
            connect_timeout=CONNECT_TIMEOUT,
            read_timeout=READ_TIMEOUT,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            # None, not even one that the environment names.
            proxies={},
        )
        # A session reads the description of the API once; it is not made for several threads.
        with self._lock:
            if self._session is None:
                self._session = import_sdk("boto3.session", _EXTRA).Session()
            return self._session.client(
                "s3",
                endpoint_url=url,
                region_name=storage["region"].lower(),
                aws_access_key_id=storage["access_key"],
                aws_secret_access_key=storage["secret"],
                config=config,
            )


_REQUIRED_FIELDS = ("access_key", "secret", "bucket", "region")
_SECRET_FIELDS = frozenset({"access_key", "secret"})

AWS = StorageType(
    name="aws",
    uploader=S3Uploader,
    required_fields=_REQUIRED_FIELDS,
    secret_fields=_SECRET_FIELDS,
    endpoint_option=EndpointOption("aws_endpoint", "S3"),
)

DIGITALOCEAN = StorageType(
    name="digitalocean",
    uploader=S3Uploader,
    required_fields=_REQUIRED_FIELDS,
    secret_fields=_SECRET_FIELDS,
    endpoint_option=EndpointOption("spaces_endpoint", "Spaces"),
)
