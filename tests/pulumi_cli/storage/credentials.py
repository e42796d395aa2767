"""The credentials of a stack, and whether a text holds one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from realtimekit_provider.redaction import secrets_in

__all__ = ["credentials_in", "held_by"]

_SECRET = "4dabf18193072939515e22adb298388d"


def credentials_in(state: Any) -> set[str]:
    """Return what betrays each credential that a state, exported in clear, holds."""
    return {_telltale(secret) for secret in secrets_in(_unwrapped(state)) if secret}


def held_by(texts: Mapping[str, str], credentials: Iterable[str]) -> dict[str, set[str]]:
    """Return which text holds which credential."""
    known = set(credentials)
    found = {name: {one for one in known if one in text} for name, text in texts.items()}
    return {name: held for name, held in found.items() if held}


def _telltale(secret: str) -> str:
    """A part that is nowhere else, however the credential is quoted: a key's line, a signature."""
    signature = re.search(r"sig=([^;&]+)", secret)
    words = re.findall(r"[A-Za-z0-9+/_-]+", secret.replace("\\n", "\n"))
    return signature.group(1) if signature else max(words, key=len)


def _unwrapped(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _SECRET in value:
            return json.loads(value["plaintext"])
        return {key: _unwrapped(inner) for key, inner in value.items()}
    return [_unwrapped(inner) for inner in value] if isinstance(value, list) else value
