"""No credential leaves the process in a text."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.redaction import HIDDEN, find_secrets, redact
from tests.example_values import (
    CANARY,
    CONNECTION_STRING,
    PRIVATE_KEY,
    SERVICE_ACCOUNT,
    SFTP_WITH_PASSWORD,
    STORAGE,
)

TOKEN = "CANARY-Sn3lZJTBX6kkg7OdcBUAxOO963GEIyGQqnFTOFYY"
STORAGES = {**STORAGE, "sftp with a password": SFTP_WITH_PASSWORD}

RECOGNISED = {
    "a header": f"Authorization: Bearer {TOKEN}",
    "a header in a dict": str({"Authorization": f"Bearer {TOKEN}"}),
    "a header with odd spaces": f"authorization: bearer  {TOKEN}",
    "an OpenSSH key": f"cannot read {PRIVATE_KEY}",
    "a PEM key": PRIVATE_KEY.replace("OPENSSH", "RSA"),
    "an encrypted key": PRIVATE_KEY.replace("OPENSSH", "ENCRYPTED"),
    "a key that was cut off": PRIVATE_KEY[: len(PRIVATE_KEY) // 2],
    "a key on one line": repr(PRIVATE_KEY),
    "a service account": SERVICE_ACCOUNT,
    "a service account inside JSON": json.dumps({"secret": SERVICE_ACCOUNT}),
    "a connection string": CONNECTION_STRING,
    "a connection string with a signature": (
        "BlobEndpoint=https://acme.blob.example;SharedAccessSignature=sv=1&sp=cw&sig=CANARY%3D"
    ),
    "a URL presigned for S3": (
        "https://b.s3.example/k?X-Amz-Credential=CANARY%2F2026&X-Amz-Date=2026"
        "&X-Amz-Security-Token=CANARY&X-Amz-Signature=CANARY"
    ),
    "a URL presigned the old way": (
        "https://b.s3.example/k?AWSAccessKeyId=CANARY&Expires=1&Signature=CANARY"
    ),
    "a URL presigned for GCS": (
        "https://storage.example/b/k?X-Goog-Credential=CANARY&X-Goog-Signature=CANARY"
    ),
    "a URL signed for Azure": "https://acme.blob.example/c/k?sv=1&sig=CANARY%2B",
    "a URL with a token": "https://files.example/k?token=CANARY",
    "JSON": json.dumps({"password": 'CANARY "quoted" CANARY', "secret": "CANARY"}),
    "a dict": str({"private_key": "CANARY", "access_key": "CANARY's"}),
    "JSON inside JSON": json.dumps(json.dumps({"secret": "CANARY and CANARY"})),
    "a field of another vendor": str({"secret_key": "CANARY", "secret_access_key": "CANARY"}),
    "a profile": "aws_secret_access_key = CANARY",
    "a user's credentials": json.dumps({"client_secret": "CANARY", "refresh_token": "1//CANARY"}),
    "an assignment": "password=CANARY, passphrase: CANARY",
}


@pytest.mark.parametrize("name", RECOGNISED)
def test_a_credential_is_recognised_by_its_looks(name: str) -> None:
    """Nobody has to know the value to keep it out of a text."""
    cleaned = redact(RECOGNISED[name])
    assert CANARY not in cleaned
    assert HIDDEN in cleaned


@pytest.mark.parametrize("kind", STORAGES)
@pytest.mark.parametrize("write", [str, repr, json.dumps, lambda text: json.dumps(repr(text))])
def test_known_credentials_are_hidden_however_they_are_quoted(
    kind: str, write: Callable[[str], str]
) -> None:
    """A credential that was sent is hidden in what comes back, plain or escaped."""
    secrets = list(find_secrets(STORAGES[kind]))
    for secret in filter(None, secrets):
        assert CANARY not in redact(f"refused: {write(secret)}!", secrets)


def test_a_single_line_of_a_key_is_hidden() -> None:
    """An error that quotes one line of a key that was sent quotes too much."""
    line = PRIVATE_KEY.splitlines()[1]
    assert redact(f"bad line {line} here", [PRIVATE_KEY]) == f"bad line {HIDDEN} here"


def test_a_text_without_a_credential_stays() -> None:
    """A text is still worth reading afterwards."""
    text = "bucket acme-recordings in us-east-1 refused s3:PutObject (HTTP 403, cf-ray 8f-FRA)"
    assert redact(text, ["CANARY", "", "ap"]) == text


def test_very_short_values_are_no_credentials() -> None:
    """Hiding three letters wherever they stand would hide half of every text."""
    assert redact("an abc", ["abc"]) == "an abc"
    assert redact("an abcd", ["abcd"]) == f"an {HIDDEN}"


def test_the_longer_of_two_credentials_goes_first() -> None:
    """One credential that contains another leaves no rest behind."""
    assert redact("abcdefgh", ["abcd", "abcdefgh"]) == HIDDEN


def test_credentials_are_found_at_any_depth() -> None:
    """Under each key that the API reference calls a credential, in mappings and lists."""
    nested = {"layers": [{"a": {key: f"CANARY-{key}"}} for key in sorted(SECRET_KEYS)]}
    assert list(find_secrets(nested)) == [f"CANARY-{key}" for key in sorted(SECRET_KEYS)]


@given(st.text("abcXYZ019+/=\n\"'\\ -", min_size=4), st.text("xyz \n\"'\\"), st.text("xyz \n\"'\\"))
def test_a_known_credential_never_survives(secret: str, before: str, after: str) -> None:
    """Whatever it consists of and whatever stands around it."""
    marked = f"CANARY{secret}"
    assert marked not in redact(f"{before}{marked}{after}", [marked])
