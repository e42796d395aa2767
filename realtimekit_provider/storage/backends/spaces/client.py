"""Clients for Spaces, which speaks S3 as it was before 2025.

Requests carry an MD5 where S3 now takes other checksums, and the bucket's name in the path.
"""

from __future__ import annotations

import base64
import hashlib
import os
from typing import Any

from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.s3.client import create_client

__all__ = ["ENDPOINT_VARIABLE", "create_spaces_client"]

ENDPOINT_VARIABLE = "SPACES_ENDPOINT_URL"
"""The variable of DigitalOcean's own tools; ``{{.Region}}`` in it stands for the region."""

_PUBLIC_ENDPOINT = "https://{{.Region}}.digitaloceanspaces.com"


def create_spaces_client(region: str, endpoint: str | None, key: str, secret: str) -> Any:
    """Return an S3 client for a region of Spaces.

    Args:
        region: The region; case does not matter.
        endpoint: The endpoint that is declared; otherwise the variable's, or the public one.
        key: The Spaces key's id.
        secret: The Spaces key's secret.
    """
    region = normalize_region(region)
    url = endpoint or os.environ.get(ENDPOINT_VARIABLE) or _PUBLIC_ENDPOINT
    client = create_client(
        "s3",
        region,
        config={
            "s3": {"addressing_style": "path"},
            "request_checksum_calculation": "when_required",
            "response_checksum_validation": "when_required",
        },
        options={
            "endpoint_url": url.replace("{{.Region}}", region),
            "aws_access_key_id": key,
            "aws_secret_access_key": secret,
        },
    )
    client.meta.events.register("before-call.s3", _add_md5)
    return client


def _add_md5(params: dict[str, Any], **_: object) -> None:
    body = params.get("body")
    if body and isinstance(body, bytes):
        digest = hashlib.md5(body, usedforsecurity=False).digest()
        params["headers"]["Content-MD5"] = base64.b64encode(digest).decode("ascii")
        params.get("context", {}).pop("checksum", None)
