"""Private keys as files, in PEM and in OpenSSH's own form.

They are parsed without a library, since a check must not need the extra of one cloud; what is
accepted here, ``asyncssh`` and ``cryptography`` load (a test holds that).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

from realtimekit_provider.schema.parsing.binary_readers import (
    BIT_STRING,
    OBJECT_ID,
    OCTET_STRING,
    SEQUENCE,
    DerReader,
    SshReader,
)
from realtimekit_provider.schema.parsing.key_numbers import (
    CURVES,
    Curve,
    RsaNumbers,
    check_ec_numbers,
    check_rsa_numbers,
)

__all__ = ["PrivateKeyFile", "parse_private_key", "trim"]

_BLOCK = re.compile(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----\n(.+)\n-----END \1-----", re.DOTALL)
_GIVE_THE_FILE = "give the file as it is (pulumi config set --secret NAME < KEYFILE)"
_MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"PuTTY-User-Key-File"),
        "is a PuTTY key (PPK): convert it with 'puttygen KEY.ppk -O private-openssh -o KEY'",
    ),
    (
        re.compile(r"(ssh-|ecdsa-|sk-)|-----BEGIN (SSH2 |RSA )?PUBLIC KEY"),
        "is a public key: give the private key, the file without '.pub'",
    ),
    (
        re.compile(r"[^\n]*\\n[^\n]*$"),
        rf"has the two characters '\n' where its line breaks should be: {_GIVE_THE_FILE}",
    ),
    (
        re.compile(r"[\"']"),
        f"stands in quotation marks: {_GIVE_THE_FILE}",
    ),
    (
        re.compile(r"LS0tLS1CRUdJTi"),
        f"is encoded in base64 as a whole: decode it, or {_GIVE_THE_FILE}",
    ),
    (
        re.compile(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^\n]+$"),
        f"has no line breaks, or blanks where they should be: {_GIVE_THE_FILE}",
    ),
)

_OPENSSH_MAGIC = b"openssh-key-v1\0"
_PADDING_BLOCK = 8
_LEGACY_ENCRYPTION = "Proc-Type: 4,ENCRYPTED"
_RSA = bytes.fromhex("2a864886f70d010101")
_EC = bytes.fromhex("2a8648ce3d0201")
_ED25519 = bytes.fromhex("2b6570")
_ED25519_SIZE = 32
_EC_PARAMETERS, _EC_PUBLIC_KEY = 0xA0, 0xA1
_PKCS8_VERSIONS = (0, 1)


@dataclass(frozen=True)
class PrivateKeyFile:
    """A private key that loads.

    Attributes:
        text: The file: each line without blanks around it, ended by one line break.
        kind: ``RSA``, ``EC`` or ``Ed25519``; empty while a passphrase hides it.
        is_encrypted: Whether it needs a passphrase.
    """

    text: str
    kind: str
    is_encrypted: bool


def trim(text: str) -> str:
    """Return a text without the white space and the byte order marks around it."""
    return text.strip(" \t\r\n\v\f\ufeff")


def parse_private_key(text: str) -> PrivateKeyFile:
    """Parse the file of a private key; what is harmless around it and its lines is dropped.

    Raises:
        ValueError: It is none, or one that is damaged. The text quotes nothing of it.
    """
    lines = re.split(r"\r\n|\r|\n", trim(text))
    whole = "\n".join(line.strip(" \t") for line in lines)
    for pattern, mistake in _MISTAKES:
        if pattern.match(whole):
            raise ValueError(mistake)
    match = _BLOCK.fullmatch(whole)
    if match is None:
        raise ValueError("must be a private key in OpenSSH or PEM form (BEGIN … PRIVATE KEY)")
    label, body = match.groups()
    is_encrypted = body.startswith(_LEGACY_ENCRYPTION)
    try:
        if is_encrypted:
            body = body.partition("\n\n")[2]
        kind = _parse_content(label, _decode(body), is_encrypted=is_encrypted)
    except ValueError:
        raise ValueError(
            f"is a private key that is cut off, damaged or of a type that is not supported: "
            f"{_GIVE_THE_FILE}"
        ) from None
    return PrivateKeyFile(f"{whole}\n", kind, not kind)


def _decode(body: str) -> bytes:
    try:
        content = base64.b64decode(body.replace("\n", "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("is not base64") from None
    if not content:
        raise ValueError("is empty")
    return content


def _parse_content(label: str, content: bytes, *, is_encrypted: bool) -> str:
    """Return the kind of the key, empty for one under a passphrase."""
    if is_encrypted:
        return ""
    if label == "OPENSSH PRIVATE KEY":
        return _parse_openssh(content)
    whole = DerReader(content)
    if label == "ENCRYPTED PRIVATE KEY":
        sequence = whole.read_sequence()
        sequence.read(SEQUENCE)
        sequence.read(OCTET_STRING)
        kind = ""
    elif label == "RSA PRIVATE KEY":
        kind = _parse_rsa(whole.read_sequence())
    elif label == "EC PRIVATE KEY":
        kind = _parse_ec(whole.read_sequence(), None)
    elif label == "PRIVATE KEY":
        kind = _parse_pkcs8(whole.read_sequence())
    else:
        raise ValueError("is not supported")
    if not whole.is_at_end:
        raise ValueError("has more behind its end")
    return kind


def _parse_pkcs8(sequence: DerReader) -> str:
    if sequence.read_integer() not in _PKCS8_VERSIONS:
        raise ValueError("has another version")
    algorithm = sequence.read_sequence()
    object_id = algorithm.read(OBJECT_ID)
    inner = DerReader(sequence.read(OCTET_STRING))
    if object_id == _RSA:
        return _parse_rsa(inner.read_sequence())
    if object_id == _EC:
        return _parse_ec(inner.read_sequence(), _find_curve(algorithm.read(OBJECT_ID)))
    if object_id == _ED25519 and len(inner.read(OCTET_STRING)) == _ED25519_SIZE:
        return "Ed25519"
    raise ValueError("is not supported")


def _parse_rsa(sequence: DerReader) -> str:
    if sequence.read_integer() != 0:
        raise ValueError("has another version")
    check_rsa_numbers(RsaNumbers(*(sequence.read_integer() for _ in RsaNumbers._fields)))
    if not sequence.is_at_end:
        raise ValueError("has more behind its end")
    return "RSA"


def _parse_ec(sequence: DerReader, curve: Curve | None) -> str:
    if sequence.read_integer() != 1:
        raise ValueError("has another version")
    number = int.from_bytes(sequence.read(OCTET_STRING), "big")
    point = None
    if curve is None:
        curve = _find_curve(DerReader(sequence.read(_EC_PARAMETERS)).read(OBJECT_ID))
    if not sequence.is_at_end:
        point = DerReader(sequence.read(_EC_PUBLIC_KEY)).read(BIT_STRING)[1:]
    check_ec_numbers(curve, number, point)
    return "EC"


def _find_curve(object_id: bytes) -> Curve:
    for curve in CURVES.values():
        if curve.object_id == object_id:
            return curve
    raise ValueError("has another curve")


def _parse_openssh(content: bytes) -> str:
    if not content.startswith(_OPENSSH_MAGIC):
        raise ValueError("has another version")
    reader = SshReader(content.removeprefix(_OPENSSH_MAGIC))
    cipher, kdf, _ = reader.read_string(), reader.read_string(), reader.read_string()
    if reader.read_number() != 1:
        raise ValueError("holds several keys")
    public, private = SshReader(reader.read_string()), reader.read_string()
    if cipher != b"none":
        if kdf != b"bcrypt" or not private:
            raise ValueError("is encrypted in a way that is not supported")
        return ""
    if reader.rest or len(private) % _PADDING_BLOCK:
        raise ValueError("has more behind its end")
    return _parse_openssh_private(SshReader(private), public)


def _parse_openssh_private(reader: SshReader, public: SshReader) -> str:
    if reader.read_number() != reader.read_number():
        raise ValueError("is damaged")
    key_type = reader.read_string()
    if public.read_string() != key_type:
        raise ValueError("holds two types")
    kind = _parse_openssh_numbers(key_type.decode("ascii", "replace"), reader, public)
    reader.read_string().decode()  # the comment
    if public.rest or reader.rest != bytes(range(1, len(reader.rest) + 1)):
        raise ValueError("is padded with something else")
    return kind


def _parse_openssh_numbers(key_type: str, reader: SshReader, public: SshReader) -> str:
    if key_type == "ssh-ed25519":
        point = reader.read_string()
        seed = reader.read_string()
        is_whole = len(point) == _ED25519_SIZE and len(seed) == 2 * _ED25519_SIZE
        if not is_whole or seed[_ED25519_SIZE:] != point or public.read_string() != point:
            raise ValueError("holds two keys")
        return "Ed25519"
    if key_type == "ssh-rsa":
        n, e, d, q_inverse, p, q = (reader.read_integer() for _ in range(6))
        if public.read_integer() != e or public.read_integer() != n or min(p, q) <= 1:
            raise ValueError("holds two keys")
        check_rsa_numbers(RsaNumbers(n, e, d, p, q, d % (p - 1), d % (q - 1), q_inverse))
        return "RSA"
    curve_name = key_type.removeprefix("ecdsa-sha2-")
    if curve_name == key_type or curve_name not in CURVES:
        raise ValueError("is not supported")
    names = {reader.read_string(), public.read_string()}
    point = reader.read_string()
    if names != {curve_name.encode()} or public.read_string() != point:
        raise ValueError("holds two keys")
    check_ec_numbers(CURVES[curve_name], reader.read_integer(), point)
    return "EC"
