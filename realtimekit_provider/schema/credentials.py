"""Credentials: keys, secrets, connection strings, and the keys that hosts are known by.

They are parsed, not looked at: what is accepted here, the vendors' own libraries load. White space,
line breaks and a byte order mark around a value are dropped where they mean nothing, and refused by
name where they would be sent as a part of it.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, SecretStr, ValidationInfo

from realtimekit_provider.schema.addresses import is_encrypted_or_local
from realtimekit_provider.schema.parsing.connection_strings import (
    check_expiry,
    parse_connection_string,
)
from realtimekit_provider.schema.parsing.host_keys import parse_host_key
from realtimekit_provider.schema.parsing.json_parsing import parse_json
from realtimekit_provider.schema.parsing.private_keys import parse_private_key, trim
from realtimekit_provider.schema.unknown import UNKNOWN, Unknown
from realtimekit_provider.schema.values import PASS_UNKNOWN, match_pattern, validate_secret

__all__ = [
    "AccessKey",
    "ConnectionString",
    "HostKey",
    "Password",
    "PrivateKey",
    "ServiceAccountKey",
    "UserName",
    "describe_invisible_edge",
    "needs_passphrase",
]

_BYTE_ORDER_MARK = "\ufeff"
_INVISIBLE = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
_GIVE_THE_FILE = "give the key file as Google made it (pulumi config set --secret NAME < KEYFILE)"


def needs_passphrase(private_key: SecretStr | Unknown) -> bool:
    """Whether a valid :data:`PrivateKey` is known to be under a passphrase."""
    if private_key is UNKNOWN:
        return False
    return parse_private_key(private_key.get_secret_value()).is_encrypted


def describe_invisible_edge(text: str) -> str | None:
    """Return which invisible character a text begins or ends with, ``None`` where it has none."""
    for verb, character in (("begins", text[:1]), ("ends", text[-1:])):
        if character and unicodedata.category(character) in _INVISIBLE:
            return f"{verb} with {_name_blank(character)}"
    return None


def _check_password(text: str) -> str:
    if not trim(text):
        raise ValueError("must not be empty")
    if (edge := describe_invisible_edge(text)) is not None:
        raise ValueError(f"{edge}, which would be sent as a part of it: store it again without")
    return text


def _check_access_key(text: str) -> str:
    _check_password(text)
    if text[0] in "\"'" or text[-1] in "\"'":
        raise ValueError("stands in quotation marks: store it without them")
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("contains a space, or a character that no such key has: copy it again")
    return text


def _name_blank(character: str) -> str:
    if character == _BYTE_ORDER_MARK:
        return "a byte order mark"
    if character in "\r\n":
        return "a line break"
    return "a space or tab" if character in " \t" else "an invisible character"


def _normalize_service_account_key(text: str) -> str:
    stripped = trim(text)
    key = _parse_key_file(stripped)
    kind = key.get("type", "service_account") if isinstance(key, dict) else None
    if isinstance(kind, str) and kind != "service_account":
        raise ValueError("must be the JSON of a service account's key, not of another credential")
    missing = [
        name
        for name in ("client_email", "private_key")
        if not (isinstance(key, dict) and isinstance(key.get(name), str) and key[name])
    ]
    if missing:
        raise ValueError(
            f"must be the JSON of a service account's key; it lacks {' and '.join(missing)}"
        )
    token_uri = key.get("token_uri", "https://oauth2.googleapis.com/token")
    if not (isinstance(token_uri, str) and is_encrypted_or_local(token_uri)):
        raise ValueError(f"has a token_uri that is not an https address: {_GIVE_THE_FILE}")
    _check_google_private_key(key["private_key"])
    return stripped


def _parse_key_file(text: str) -> Any:
    if text[:1] in {"'", '"'}:
        raise ValueError(f"stands in quotation marks: {_GIVE_THE_FILE}")
    try:
        return parse_json(text)
    except ValueError:
        pass
    if re.match(r"eyJ|ew[o0]", text):
        raise ValueError(f"is encoded in base64: decode it, or {_GIVE_THE_FILE}")
    try:
        parse_json(text, allow_line_breaks=True)
    except ValueError:
        raise ValueError("must be the service account's key file, as JSON text") from None
    raise ValueError(
        r"has real line breaks within its texts, where the file has the two characters '\n': "
        f"{_GIVE_THE_FILE}"
    )


def _check_google_private_key(text: str) -> None:
    if "\\n" in text:
        raise ValueError(
            r"its private_key has the two characters '\n' where its line breaks should be, as "
            f"'jq -r' or an .env file makes them: {_GIVE_THE_FILE}"
        )
    try:
        kind = parse_private_key(text).kind
    except ValueError as error:
        raise ValueError(f"its private_key {error}") from None
    if kind != "RSA":
        raise ValueError(f"its private_key is not an RSA key without passphrase: {_GIVE_THE_FILE}")


def _normalize_connection_string(secret: SecretStr, info: ValidationInfo) -> SecretStr:
    text = secret.get_secret_value()
    parts = parse_connection_string(text)
    now = (info.context or {}).get("now")
    if isinstance(now, datetime):
        check_expiry(parts, now)
    return SecretStr(trim(text))


Password = Annotated[SecretStr, validate_secret(_check_password), PASS_UNKNOWN]
"""A password or passphrase: not empty, and no white space around it."""

AccessKey = Annotated[SecretStr, validate_secret(_check_access_key), PASS_UNKNOWN]
"""The id of an access key, or its secret: visible characters without a space."""

ServiceAccountKey = Annotated[
    SecretStr, validate_secret(_normalize_service_account_key), PASS_UNKNOWN
]
"""The key file of a Google service account, as JSON text, whose private key loads."""

ConnectionString = Annotated[SecretStr, AfterValidator(_normalize_connection_string), PASS_UNKNOWN]
"""The connection string of an Azure storage account, with its key or a SAS that can write.

Whether a SAS has expired is asked where the validation's context says what time it is (``now``).
"""

PrivateKey = Annotated[
    SecretStr, validate_secret(lambda text: parse_private_key(text).text), PASS_UNKNOWN
]
"""A private key in OpenSSH or PEM form that loads; its normal form ends in one line break."""

HostKey = Annotated[str, AfterValidator(parse_host_key)]
"""The public key that an SFTP server proves itself with: its type and itself; it is no secret."""

UserName = Annotated[
    str, match_pattern(r"[^\s:]+", "must be a user's name, not empty, without spaces or ':'")
]
"""The name that a user logs in with."""
