"""Removes credentials from texts: where a text is made, never afterwards."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping

from realtimekit_provider.constants import SECRET_KEYS

__all__ = [
    "HIDDEN",
    "describe_file_content",
    "find_environment_secrets",
    "find_secrets",
    "redact",
    "to_one_line",
]

HIDDEN = "[secret]"
"""The text that replaces a credential."""

_SHORTEST_SECRET = 4
_SHORTEST_IN_ENVIRONMENT = 8

_SECRET_VARIABLE = re.compile(
    r"(?i)secret|token|password|passphrase|connection_?string|(access|private|storage|api)_?key"
)
_PATH_VARIABLE = re.compile(r"(?i)(_file|_path|_bundle|_dir|_application_credentials)$")
_FILE_CONTENTS = (
    (re.compile(r"-----BEGIN |LS0tLS1CRUdJTi"), "a key or a certificate"),
    (re.compile(r"[{\[]"), "JSON"),
    (re.compile(r"eyJ|ew[o0]"), "JSON in base64, or a token"),
    (re.compile(r".*[\r\n]"), "several lines"),
)

_PATTERNS = (
    re.compile(r"(?i)(\bbearer\s+)[^\s\"',;]+"),
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),
    re.compile(r"(?s)()-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*KEY-----|\Z)"),
    re.compile(r"(?i)(AccountKey=)[^;\s\"']+"),
    re.compile(r"(?i)(SharedAccessSignature=)[^;\s\"']+"),
    re.compile(r"(?i)(X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)=)[^&\s\"']+"),
    re.compile(r"(?i)([?&](?:sig|signature|token|AWSAccessKeyId)=)[^&\s\"']+"),
)
_KEY_AND_VALUE = re.compile(
    r"(?i)(\b(?:[a-z0-9]+_)*(?:access_key|access_key_id|secret|secret_key|secret_access_key"
    r"|password|private_key|passphrase|(?:access|refresh|session)_token)\\*[\"']?\s*[:=]\s*)"
    r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\\+\"[^\"]*\"|[^\s,;}\]]+)"
)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` with every known or recognisable credential replaced by ``[secret]``.

    Args:
        text: Any text that is about to leave the process.
        secrets: Values known to be credentials, beside those in the environment; those under
            four characters are ignored, since hiding them would hide half of every text.
    """
    known = (*secrets, *find_environment_secrets(os.environ))
    for secret in sorted(_list_variants(known), key=len, reverse=True):
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


def find_environment_secrets(environment: Mapping[str, str]) -> Iterator[str]:
    """Yield each value of ``environment`` that is a credential, by its variable's name.

    A variable that takes the path of a file holds one only if it holds the file's content.
    """
    for name, value in environment.items():
        if len(value) < _SHORTEST_IN_ENVIRONMENT:
            continue
        if _PATH_VARIABLE.search(name):
            if describe_file_content(value) is not None:
                yield value
        elif _SECRET_VARIABLE.search(name):
            yield value


def describe_file_content(text: str) -> str | None:
    """Say what ``text`` is where the path of a file is expected; ``None`` where it may be one."""
    stripped = text.strip(" \t\r\n\ufeff\"'")
    for pattern, content in _FILE_CONTENTS:
        if pattern.match(stripped):
            return content
    return None


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


def to_one_line(text: str) -> str:
    """Return ``text`` with a blank for each character that would move the cursor of a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
