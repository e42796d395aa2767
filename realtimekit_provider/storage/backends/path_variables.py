"""Environment variables of the vendors' SDKs that take the path of a file."""

from __future__ import annotations

import os

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.redaction import describe_file_content

__all__ = ["AWS_PATHS", "GOOGLE_CREDENTIALS", "TLS_PATHS", "require_path_variables"]

GOOGLE_CREDENTIALS = "GOOGLE_APPLICATION_CREDENTIALS"
"""Where google-auth finds credentials."""

AWS_PATHS = ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE", "AWS_WEB_IDENTITY_TOKEN_FILE")
"""Where boto3 finds credentials and settings."""

TLS_PATHS = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "AWS_CA_BUNDLE", "SSL_CERT_FILE")
"""Where the SDKs find the certificates that servers are known by."""


def require_path_variables(about: str, *names: str) -> None:
    """Refuse variables that hold the content of a file where its path belongs.

    Without it an SDK quotes the content, or finds no such file and says nothing.

    Args:
        about: The thing that the SDK is called about.
        names: The variables that it reads.

    Raises:
        StorageCredentialError: One holds content. The text quotes nothing of it.
    """
    for name in names:
        content = describe_file_content(os.environ.get(name, ""))
        if content is not None:
            raise StorageCredentialError(
                f"{about}: the environment variable {name} takes the path of a file, and holds "
                f"{content}. Write that to a file which only you can read, and set the variable "
                "to the path of the file."
            )
