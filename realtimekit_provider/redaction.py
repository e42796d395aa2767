"""Removes credentials from texts: where a text is made, never afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from realtimekit_provider.constants import SECRET_KEYS

__all__ = ["HIDDEN", "find_secrets", "redact"]

HIDDEN = "[secret]"
"""The text that replaces a credential."""

_SHORTEST_SECRET = 4

_PATTERNS = (
    re.compile(r"(?i)(\bbearer\s+)[^\s\"',;]+"),
    re.compile(r"(?s)()-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*KEY-----|\Z)"),
    re.compile(r"(?i)(AccountKey=)[^;\s\"']+"),
    re.compile(r"(?i)(SharedAccessSignature=)[^;\s\"']+"),
    re.compile(r"(?i)(X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)=)[^&\s\"']+"),
    re.compile(r"(?i)([?&](?:sig|signature|token|AWSAccessKeyId)=)[^&\s\"']+"),
)
_KEY_AND_VALUE = re.compile(
    r"(?i)(\b(?:access_key|secret|password|private_key|passphrase)\\*[\"']?\s*[:=]\s*)"
    r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\\+\"[^\"]*\"|[^\s,;}\]]+)"
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` with every known or recognisable credential replaced by ``[secret]``.

    Args:
        text: Any text that is about to leave the process.
        secrets: Values known to be credentials; those under four characters are ignored,
            since hiding them would hide half of every text.
    """
    for secret in sorted(_list_variants(secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for pattern in _PATTERNS:
        text = pattern.sub(_hide_value, text)
    return _KEY_AND_VALUE.sub(_hide_value, text)


def _hide_value(match: re.Match[str]) -> str:
    return f"{match.group(1)}{HIDDEN}"


def find_secrets(value: object) -> Iterator[str]:
    """Yield each credential that stands under one of ``SECRET_KEYS``, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in SECRET_KEYS and isinstance(inner, str):
                yield inner
            else:
                yield from find_secrets(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from find_secrets(inner)


def _list_variants(secrets: Iterable[str]) -> set[str]:
    """Return them as written, and as JSON or ``repr`` would write line breaks and quotes."""
    variants: set[str] = set()
    for secret in secrets:
        if len(secret) < _SHORTEST_SECRET:
            continue
        escaped = secret.replace("\\", "\\\\").replace("\n", "\\n")
        variants |= {secret, escaped, escaped.replace('"', '\\"')}
        variants |= {line for line in secret.splitlines() if len(line) >= 4 * _SHORTEST_SECRET}
    return variants
