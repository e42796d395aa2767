"""Uploads to S3 and to what speaks like it, with boto3."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.uploads.sdk import CONNECT_SECONDS, READ_SECONDS, refusal, sdk
from realtimekit_emulator.uploads.uploader import object_key

if TYPE_CHECKING:
    from realtimekit_emulator.uploads.endpoint import Endpoint
    from realtimekit_emulator.uploads.uploader import Upload

_EXTRA = "aws"


class S3Uploader:
    """Puts files into buckets at one endpoint, whatever region is asked for.

    A put is all that it does, because a writer may have the right to nothing else.
    """

    blocking = True

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._session: Any = None
        self._lock = threading.Lock()

    def upload(self, upload: Upload) -> None:
        """Put one file."""
        storage = upload.storage or {}
        client = self._client(self._endpoint.url(), storage)
        errors = sdk("botocore.exceptions", _EXTRA)
        try:
            client.put_object(
                Bucket=storage["bucket"],
                Key=object_key(upload),
                Body=upload.data,
                ContentType="audio/webm",
            )
        except errors.ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            raise refusal(status, error.response.get("Error", {}).get("Code")) from None
        finally:
            client.close()

    def _client(self, url: str, storage: dict[str, Any]) -> Any:
        config = sdk("botocore.config", _EXTRA).Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"total_max_attempts": 1},
            s3={"addressing_style": "path"},
            # None, not even one that the environment names.
            proxies={},
        )
        # A session reads the description of the API once; it is not made for several threads.
        with self._lock:
            if self._session is None:
                self._session = sdk("boto3.session", _EXTRA).Session()
            return self._session.client(
                "s3",
                endpoint_url=url,
                region_name=storage["region"].lower(),
                aws_access_key_id=storage["access_key"],
                aws_secret_access_key=storage["secret"],
                config=config,
            )
