"""Where S3 is by the environment and the profile; nothing is called to find out."""

from __future__ import annotations

import os
from pathlib import Path

from realtimekit_provider.storage.backends.s3.errors import import_sdk

__all__ = ["find_configured_endpoint"]

_VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_CONFIG_FILE = "AWS_CONFIG_FILE"
_DEFAULT_CONFIG_FILE = "~/.aws/config"


def find_configured_endpoint() -> str | None:
    """Return the URL that the SDK takes for S3 instead of AWS' own, ``None`` where it takes none.

    The SDK itself says it, and is loaded only where a variable or a file can name one. Nothing is
    called, and no credential is looked for.
    """
    file = Path(os.environ.get(_CONFIG_FILE) or _DEFAULT_CONFIG_FILE).expanduser()
    if not any(map(os.environ.get, _VARIABLES)) and not file.is_file():
        return None
    session = import_sdk("botocore.session").Session()
    try:
        if session.get_config_variable("ignore_configured_endpoint_urls"):
            return None
        provider = import_sdk("botocore.configprovider").ConfiguredEndpointProvider(
            full_config=session.full_config,
            scoped_config=session.get_scoped_config(),
            client_name="s3",
        )
        url = provider.provide()
    except import_sdk("botocore.exceptions").BotoCoreError:
        return None  # a profile that is not there is told where it is used
    return str(url) if url else None
