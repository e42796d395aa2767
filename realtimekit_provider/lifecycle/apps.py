"""Whose recordings may write to a storage: a gate waits for them, and a rotation asks for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from realtimekit_provider.lifecycle.problems import Problem
from realtimekit_provider.wire.values import AccountId, AppId, StrictModel

__all__ = ["App", "app_problems", "with_apps"]


class App(StrictModel):
    """An app whose recordings may write to a storage."""

    account_id: AccountId
    app_id: AppId


def with_apps(inputs: Mapping[str, Any], default_apps: list[dict[str, str]]) -> dict[str, Any]:
    """Return the inputs with the stack's own app, if it has one, where none are named."""
    return {**({"apps": default_apps} if default_apps else {}), **inputs}


def app_problems(inputs: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield that nobody is named: whoever asks nobody would let go of what is being written."""
    if inputs.get("apps") is None:
        yield Problem(
            "apps",
            "name whose recordings may write here, each by account_id and app_id, or set "
            "realtimekit:accountId and realtimekit:appId; an empty list says that nobody's do",
        )
