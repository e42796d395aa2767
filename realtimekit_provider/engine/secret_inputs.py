"""Credentials, marked as secret or refused in the program, before the engine receives them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
from pulumi.runtime import is_config_secret

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.engine.advised_commands import add_stack_option

__all__ = [
    "ENCRYPTED_SETTING",
    "PLAINTEXT_REASON",
    "require_encrypted_token",
    "with_secret_credentials",
]

ENCRYPTED_SETTING = "cloudflare:apiToken"
"""The key of the API token in a stack's config."""

PLAINTEXT_REASON = (
    "is in the stack's config in plaintext, and the engine copies it from there into the state. "
    "Replace the token, since the old one may have been committed, and an 'up' that was refused "
    "for it has stored it in the backend's history. Set the new one with 'pulumi config set "
    "--secret cloudflare:apiToken'; or remove the key ('pulumi config rm cloudflare:apiToken') and "
    "set CLOUDFLARE_API_TOKEN in the environment"
)
"""Why an API token that is not encrypted is refused."""


def with_secret_credentials(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys and values of a storage, those that are credentials as secret outputs."""
    return {
        key: pulumi.Output.secret(value) if key in SECRET_KEYS and value is not None else value
        for key, value in values.items()
    }


def require_encrypted_token() -> None:
    """Refuse a stack whose config holds the API token in plaintext.

    Raises:
        pulumi.RunError: ``cloudflare:apiToken`` is in the stack's config in plaintext.
    """
    token = pulumi.Config("cloudflare").get("apiToken")
    if token and not is_config_secret(ENCRYPTED_SETTING):
        reason = add_stack_option(PLAINTEXT_REASON, pulumi.get_stack())
        raise pulumi.RunError(f"{ENCRYPTED_SETTING}: {reason}")
