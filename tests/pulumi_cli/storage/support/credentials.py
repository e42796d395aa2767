"""The credentials of a stack, and whether a text holds one of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from realtimekit_provider.redaction import find_secrets

__all__ = ["find_credentials", "find_leaks"]

_SECRET_KEY = "4dabf18193072939515e22adb298388d"


def find_credentials(state: Any) -> set[str]:
    """Return a recognizable part of each credential in a state that was exported in clear."""
    return {_extract_pattern(secret) for secret in find_secrets(_unwrap(state)) if secret}


def find_leaks(texts: Mapping[str, str], credentials: Iterable[str]) -> dict[str, set[str]]:
    """Return the credentials that each text contains, by the text's name."""
    known = set(credentials)
    found = {name: {one for one in known if one in text} for name, text in texts.items()}
    return {name: held for name, held in found.items() if held}


def _extract_pattern(secret: str) -> str:
    """Return a unique part that no quoting changes: a key's line, a signature."""
    signature = re.search(r"sig=([^;&]+)", secret)
    words = re.findall(r"[A-Za-z0-9+/_-]+", secret.replace("\\n", "\n"))
    return signature.group(1) if signature else max(words, key=len)


def _unwrap(value: Any) -> Any:
    if isinstance(value, Mapping):
        if _SECRET_KEY in value:
            return json.loads(value["plaintext"])
        return {key: _unwrap(inner) for key, inner in value.items()}
    return [_unwrap(inner) for inner in value] if isinstance(value, list) else value
