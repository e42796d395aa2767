"""Public host keys, as ``ssh-keyscan`` prints them.

They are parsed without a library, as private keys are; what is accepted here, ``asyncssh`` loads
(a test holds that).
"""

from __future__ import annotations

import base64
import binascii
import re

from realtimekit_provider.schema.parsing.binary_readers import SshReader
from realtimekit_provider.schema.parsing.key_numbers import (
    CURVES,
    check_public_point,
    check_public_rsa_numbers,
)
from realtimekit_provider.schema.parsing.private_keys import trim

__all__ = ["parse_host_key"]

_ED25519, _RSA = "ssh-ed25519", "ssh-rsa"
_EC = {f"ecdsa-sha2-{name}": name for name in CURVES}
_ED25519_SIZE = 32


def parse_host_key(text: str) -> str:
    """Return the type and the key, without blanks around them and without the comment.

    Raises:
        ValueError: It is no host key, or one that is damaged.
    """
    stripped = trim(text)
    if re.search(r"[\r\n]", stripped):
        raise ValueError("holds several lines: give one key")
    key_type, _, rest = re.sub(r"[ \t]+", " ", stripped).partition(" ")
    body = rest.partition(" ")[0]
    if key_type not in {_ED25519, _RSA, *_EC} or not body:
        raise ValueError(
            "must be the server's public host key as 'ssh-keyscan HOST' prints it, without the "
            "host's name: 'ssh-ed25519 AAAA…'"
        )
    try:
        content = base64.b64decode(body.encode("ascii"), validate=True)
        _check_content(key_type, SshReader(content))
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise ValueError(
            "is a host key that is cut off or damaged: copy it again, as 'ssh-keyscan HOST' prints "
            "it without the host's name"
        ) from None
    return f"{key_type} {body}"


def _check_content(key_type: str, reader: SshReader) -> None:
    if reader.read_string() != key_type.encode():
        raise ValueError("is a key of another type")
    if key_type == _ED25519:
        if len(reader.read_string()) != _ED25519_SIZE:
            raise ValueError("has another length")
    elif key_type == _RSA:
        e, n = reader.read_integer(), reader.read_integer()
        check_public_rsa_numbers(n, e)
    else:
        name = _EC[key_type]
        if reader.read_string() != name.encode():
            raise ValueError("names another curve")
        check_public_point(CURVES[name], reader.read_string())
    if reader.rest:
        raise ValueError("has more behind its end")
