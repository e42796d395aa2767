"""Whether a declared bucket can be reached at all at the endpoint that is configured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.storage.backends.s3.configured_endpoint import find_configured_endpoint

__all__ = ["find_endpoint_failures"]


def find_endpoint_failures(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield a failure where the bucket's own policy would refuse every request to its endpoint."""
    if inputs.get("tls_only") is not True or inputs.get("existing") is not False:
        return
    url = urlsplit(find_configured_endpoint() or "")
    if url.scheme == "http":
        yield InputFailure(
            "tls_only",
            "must be false for an endpoint without TLS: with it the bucket refuses every request "
            f"that is not https, and the endpoint of S3 is http://{url.netloc.rpartition('@')[2]} "
            "(AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or the profile in ~/.aws/config)",
        )
