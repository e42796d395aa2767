"""Removes credentials from texts: where a text is made, never afterwards."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote
from xml.sax.saxutils import escape

from realtimekit_provider.constants import SECRET_KEYS

__all__ = [
    "HIDDEN",
    "describe_file_content",
    "find_environment_secrets",
    "find_secrets",
    "redact",
    "remember_secrets",
    "to_one_line",
]

HIDDEN = "[secret]"
"""The text that replaces a credential."""

_HELD_A_SECRET = f"{HIDDEN}, and the text that it was part of"
_remembered: set[str] = set()

_SHORTEST_SECRET = 4
_SHORTEST_ENCODED = 6
_SHORTEST_IN_ENVIRONMENT = 8

_SECRET_VARIABLE = re.compile(
    r"(?i)secret|token|password|passphrase|connection_?string|(access|private|storage|api)_?key"
)
_URL_PASSWORD = re.compile(r'://[^/\s:@\[]*:([^\s"]+|\S+)@')
_PATH_VARIABLE = re.compile(r"(?i)(_file|_path|_bundle|_dir|_application_credentials)$")
_FILE_CONTENTS = (
    (re.compile(r"-----BEGIN |LS0tLS1CRUdJTi"), "a key or a certificate"),
    (re.compile(r"\[[\w. -]+\]\s*[\r\n]"), "the lines of such a file"),
    (re.compile(r"[{\[]"), "JSON"),
    (re.compile(r"eyJ|ew[o0]"), "JSON in base64, or a token"),
    (re.compile(r".*[\r\n]"), "several lines"),
)

_PATTERNS = (
    re.compile(r"(?i)(\bbearer\s+)[^\s\"',;]+"),
    re.compile(r"(?i)(authorization\W{1,8}basic\s+)[^\s\"',;]+"),
    re.compile(r"(://[^/\s:@]*:)[^/\s@]+(?=@)"),
    re.compile(r"(?s)()-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*KEY-----|\Z)"),
    re.compile(r"(?i)(AccountKey=)[^;\s\"']+"),
    re.compile(r"(?i)(SharedAccessSignature=)[^;\s\"']+"),
    re.compile(r"(?i)(X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)=)[^&\s\"']+"),
    re.compile(r"(?i)([?&](?:sig|signature|token|AWSAccessKeyId)=)[^&\s\"']+"),
)
# What begins with such a word is this package's own sentence about an input: of a value without
# quotation marks the word alone would be hidden.
_NO_SENTENCE = (
    r"(?!(?<=: )(?:begins|comes|contains|ends|has|is|must|names|needs|stands) (?-i:[a-z]))"
)
# So the Pulumi CLI names the kind of a stack's encryption, before what is wrong with it.
_NO_TYPE = r"(?<!secrets manager of type \")"
_KEY_AND_VALUE = re.compile(
    rf"(?i)({_NO_TYPE}\b(?:[a-z0-9]+_)*(?:access_key|access_key_id|secret|secret_key|secret_access_key"
    r"|password|private_key|passphrase|(?:access|refresh|session)_token)\\*[\"']?\s*[:=]\s*)"
    rf"{_NO_SENTENCE}(\[secret\]|\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|\\+\"[^\"]*\""
    r"|(?:\[secret\]|[^\s,;}\]])+)"
)


def remember_secrets(*secrets: str | None) -> None:
    """Have values hidden by :func:`redact` from now on, such as what an SDK found in a file.

    They are known to the whole process until it ends, and to no other one.
    """
    _remembered.update(filter(None, secrets))


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """Return ``text`` with every known or recognisable credential replaced by ``[secret]``.

    A known one is found in every form that :func:`_list_forms` lists. Where one is broken by white
    space, nothing of the text is returned. What is returned is redacted: once more changes nothing.

    Args:
        text: Any text that is about to leave the process.
        secrets: Values known to be credentials, beside those in the environment and those
            remembered; those under four characters are ignored, since hiding them would hide half
            of every text.
    """
    in_environment = _find_in_variables(tuple(os.environ.items()))
    forms, compact_forms = _list_all_forms(frozenset({*secrets, *_remembered, *in_environment}))
    for form in forms:
        if form in text:
            text = _hide_form(text, form)
    # What is hidden may bring together what another pattern finds; each time less is left.
    while (hidden := _hide_patterns(text)) != text:
        text = hidden
    whole = _remove_spaces(text)
    return _HELD_A_SECRET if any(form in whole for form in compact_forms) else text


def _hide_form(text: str, form: str) -> str:
    """Replace a form of a secret, but not inside of what stands for another one."""
    parts = [text] if HIDDEN in form else text.split(HIDDEN)
    return HIDDEN.join(part.replace(form, HIDDEN) for part in parts)


def _hide_patterns(text: str) -> str:
    for pattern in (*_PATTERNS, _KEY_AND_VALUE):
        text = pattern.sub(_hide_value, text)
    return text


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

    A variable that takes the path of a file holds one only if it holds the file's content. A URL
    may hold a password, such as a proxy's, as it is written and as it is meant.
    """
    for name, value in environment.items():
        for found in _URL_PASSWORD.findall(value):
            yield from (found, unquote(found), *_list_password_parts(found))
        if len(value) < _SHORTEST_IN_ENVIRONMENT:
            continue
        if _PATH_VARIABLE.search(name):
            if describe_file_content(value) is not None:
                yield value
        elif _SECRET_VARIABLE.search(name):
            yield value


def _list_password_parts(found: str) -> Iterator[str]:
    authority, *path = re.split("[/?#]", found)
    if path and "@" in authority:  # the last @ is one of the path, such as a version's
        password = authority.rpartition("@")[0]
        yield from (password, unquote(password))
    elif not authority.isdigit():  # a port, so the path is one
        # A parser takes a password with a slash in it for a host and a path.
        yield from re.split("[/?#@]", found)


def describe_file_content(text: str) -> str | None:
    """Say what ``text`` is where the path of a file is expected; ``None`` where it may be one."""
    stripped = text.strip(" \t\r\n\ufeff\"'")
    for pattern, content in _FILE_CONTENTS:
        if pattern.match(stripped):
            return content
    return None


# Each call of the API writes a line, and between two of them these hardly ever change.
@lru_cache(maxsize=8)
def _find_in_variables(variables: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(find_environment_secrets(dict(variables)))


@lru_cache(maxsize=64)
def _list_all_forms(secrets: frozenset[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return every form of the secrets, longest first, and the long ones without white space."""
    forms = {
        form
        for secret in secrets
        if len(secret) >= _SHORTEST_SECRET
        for form in _list_forms(secret)
    }
    compact = {_remove_spaces(form) for form in forms}
    return (
        sorted(forms, key=len, reverse=True),
        [form for form in compact if len(form) >= _SHORTEST_IN_ENVIRONMENT],
    )


@lru_cache(maxsize=256)
def _list_forms(secret: str) -> frozenset[str]:
    """Return a secret as it is, and as JSON, ``repr``, XML, URLs, base64 and hex have it."""
    content = secret.encode("utf-8", "surrogateescape")
    written = {secret, secret.replace("\\", "\\\\").replace("\n", "\\n")}
    written |= {form.replace('"', '\\"') for form in written}
    for _ in range(2):  # such as JSON inside of JSON
        written |= {form for one in written for form in _quote(one)}
    written |= {repr(content)[2:-1], escape(secret), escape(secret, {'"': "&quot;", "'": "&apos;"})}
    written |= {quote(content, safe=""), quote(content), quote_plus(content)}
    lines = (line for form in (secret, *written) for line in form.splitlines())
    written |= {line for line in lines if len(line) >= _SHORTEST_IN_ENVIRONMENT}
    return frozenset({*written, *_encode(content)})


def _quote(text: str) -> Iterator[str]:
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]


def _encode(content: bytes) -> Iterator[str]:
    """Yield what of the content is the same in base64 wherever it stands, and its hexadecimal."""
    if len(content) < _SHORTEST_ENCODED:
        return
    yield from (content.hex(), content.hex().upper())
    for before in range(3):
        encoded = base64.b64encode(b"x" * before + content).decode().rstrip("=")
        # The first and the last character depend on what is around it.
        form = encoded[before and before + 1 : -1]
        yield from (form, form.replace("+", "-").replace("/", "_"))


def _remove_spaces(text: str) -> str:
    return "".join(text.split())


def to_one_line(text: str) -> str:
    """Return ``text`` with a blank for each character that would move the cursor of a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)
