"""Texts without credentials: applied where a text is made, never afterwards."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from realtimekit_provider.constants import SECRET_KEYS

__all__ = ["HIDDEN", "redact", "secrets_in"]

HIDDEN = "[secret]"
"""What stands where a credential stood."""

_SHORTEST_SECRET = 4

_TELLTALES = (
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
        secrets: Values known to be credentials; those under four characters are passed
            over, since hiding them would hide half of every text.
    """
    for secret in sorted(_variants(secrets), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    for telltale in _TELLTALES:
        text = telltale.sub(_with_value_hidden, text)
    return _KEY_AND_VALUE.sub(_with_value_hidden, text)


def _with_value_hidden(found: re.Match[str]) -> str:
    return f"{found.group(1)}{HIDDEN}"


def secrets_in(value: object) -> Iterator[str]:
    """Yield each credential that stands under one of ``SECRET_KEYS``, at any depth."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in SECRET_KEYS and isinstance(inner, str):
                yield inner
            else:
                yield from secrets_in(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from secrets_in(inner)


def _variants(secrets: Iterable[str]) -> set[str]:
    """As written, and as JSON or ``repr`` would write its line breaks and quotes."""
    found: set[str] = set()
    for secret in secrets:
        if len(secret) < _SHORTEST_SECRET:
            continue
        escaped = secret.replace("\\", "\\\\").replace("\n", "\\n")
        found |= {secret, escaped, escaped.replace('"', '\\"')}
        found |= {line for line in secret.splitlines() if len(line) >= 4 * _SHORTEST_SECRET}
    return found
