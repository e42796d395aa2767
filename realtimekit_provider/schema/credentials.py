"""Credentials: keys, secrets, connection strings, and the keys that hosts are known by."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import SecretStr

from realtimekit_provider.schema.addresses import is_encrypted_or_local
from realtimekit_provider.schema.json_parsing import parse_json
from realtimekit_provider.schema.values import match_pattern, validate_secret

__all__ = [
    "ConnectionString",
    "HostKey",
    "PrivateKey",
    "SecretText",
    "ServiceAccountKey",
    "UserName",
]


def _check_not_empty(text: str) -> None:
    if not text.strip():
        raise ValueError("must not be empty")


def _check_service_account_key(text: str) -> None:
    try:
        key = parse_json(text)
    except ValueError:
        raise ValueError("must be the service account's key file, as JSON text") from None
    missing = [
        name
        for name in ("client_email", "private_key")
        if not (isinstance(key, dict) and isinstance(key.get(name), str) and key[name])
    ]
    if missing:
        raise ValueError(
            f"must be the JSON of a service account's key; it lacks {' and '.join(missing)}"
        )


def _check_connection_string(text: str) -> None:
    named = (part.partition("=") for part in text.split(";") if "=" in part)
    parts = {name.strip(): value.strip() for name, _, value in named}
    if not parts.keys() & {"AccountKey", "SharedAccessSignature"}:
        raise ValueError(
            "must be the storage account's connection string "
            "(…;AccountName=…;AccountKey=… or …;BlobEndpoint=…;SharedAccessSignature=…)"
        )
    if not parts.keys() & {"AccountName", "BlobEndpoint"}:
        raise ValueError("must name the account: the connection string lacks AccountName")
    if not is_encrypted_or_local(parts.get("BlobEndpoint", _default_endpoint(parts))):
        raise ValueError("must use https: http would send the credential unencrypted")


def _default_endpoint(parts: Mapping[str, str]) -> str:
    return f"{parts.get('DefaultEndpointsProtocol', 'https').lower()}://azure.example"


def _check_private_key(text: str) -> None:
    stripped = text.strip()
    if stripped.startswith("PuTTY-User-Key-File"):
        raise ValueError(
            "is a PuTTY key (PPK): convert it with 'puttygen KEY.ppk -O private-openssh -o KEY'"
        )
    if re.match(r"(ssh-|ecdsa-|sk-)|-----BEGIN (SSH2 |RSA )?PUBLIC KEY", stripped):
        raise ValueError("is a public key: give the private key, the file without '.pub'")
    if "\\n" in stripped and "\n" not in stripped:
        raise ValueError(
            r"has the two characters '\n' where its line breaks should be: give the file as it is "
            "(pulumi config set --secret NAME < KEYFILE)"
        )
    block = r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----\n.+\n-----END \1-----"
    if not re.fullmatch(block, stripped.replace("\r\n", "\n"), flags=re.DOTALL):
        raise ValueError("must be a private key in OpenSSH or PEM form (BEGIN … PRIVATE KEY)")


SecretText = Annotated[SecretStr, validate_secret(_check_not_empty)]
"""A credential of any form that is more than white space."""

ServiceAccountKey = Annotated[SecretStr, validate_secret(_check_service_account_key)]
"""The key file of a Google service account, as JSON text."""

ConnectionString = Annotated[SecretStr, validate_secret(_check_connection_string)]
"""The connection string of an Azure storage account, with its key or a SAS."""

PrivateKey = Annotated[SecretStr, validate_secret(_check_private_key)]
"""A private key in OpenSSH or PEM form, the file as it is."""

HostKey = Annotated[
    str,
    match_pattern(
        r"(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,3}( .*)?",
        "must be the server's public host key as 'ssh-keyscan HOST' prints it, without the "
        "host's name: 'ssh-ed25519 AAAA…'",
    ),
]
"""The public key that an SFTP server proves itself with; it is no secret."""

UserName = Annotated[
    str, match_pattern(r"[^\s:]+", "must be a user's name, not empty, without spaces or ':'")
]
"""The name that a user logs in with."""
