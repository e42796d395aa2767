"""The apps whose recordings may write to a storage: a gate and a rotation ask for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.schema.identifiers import AccountId, AppId
from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.values import StrictModel

__all__ = ["App", "apply_default_apps", "validate_apps"]


class App(StrictModel):
    """An app whose recordings may write to a storage.

    Attributes:
        account_id: Its Cloudflare account.
        app_id: Its RealtimeKit id.
    """

    account_id: AccountId
    app_id: AppId


def apply_default_apps(
    inputs: Mapping[str, Any], default_apps: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the inputs with the stack's own app under ``apps``, where none are named."""
    return {**({"apps": default_apps} if default_apps else {}), **inputs}


def validate_apps(inputs: Mapping[str, Any]) -> Iterator[InputFailure]:
    """Yield a failure where no apps are known: what is still being written could be deleted."""
    if inputs.get("apps") is None:
        yield InputFailure(
            "apps",
            "name whose recordings may write here, each by account_id and app_id, or set "
            "realtimekit:accountId and realtimekit:appId; an empty list says that no recordings do",
        )
