"""Credentials, made secret or refused in the program, before the engine has seen them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import is_config_secret

from realtimekit_provider.constants import SECRET_KEYS

__all__ = ["require_encrypted_token", "with_secret_credentials"]


def with_secret_credentials(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys and values of a storage with those that are credentials as secrets."""
    return {
        key: pulumi.Output.secret(value) if key in SECRET_KEYS and value is not None else value
        for key, value in values.items()
    }


def require_encrypted_token() -> None:
    """Let no resource be declared by a stack whose config shows the API token to every reader.

    Raises:
        pulumi.RunError: ``cloudflare:apiToken`` stands in the stack's config in clear.
    """
    token = pulumi.Config("cloudflare").get("apiToken")
    if token and not is_config_secret("cloudflare:apiToken"):
        raise pulumi.RunError(
            "cloudflare:apiToken stands in the stack's config in clear, from where the engine "
            "copies it into the state. Encrypt it with 'pulumi config set --secret "
            "cloudflare:apiToken' and give it a new value, since the old one may have been "
            "committed; or take it out ('pulumi config rm cloudflare:apiToken') and set "
            "CLOUDFLARE_API_TOKEN in the environment"
        )
