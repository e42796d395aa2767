"""Credentials, made secret in the program, before the engine has seen them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from realtimekit_provider.redaction import SECRET_KEYS

__all__ = ["with_secret_credentials"]


def with_secret_credentials(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the keys and values of a storage with those that are credentials as secrets."""
    return {
        key: pulumi.Output.secret(value) if key in SECRET_KEYS and value is not None else value
        for key, value in values.items()
    }
