"""Credentials are parsed, and the mistakes that people make with them are named."""

from __future__ import annotations

import base64
import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from realtimekit_provider.api.models.storage_config import SftpStorageConfig, StorageConfig
from realtimekit_provider.api.models.track_request import TrackRequest, build_track_body
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.recordings.inputs import validate_inputs
from realtimekit_provider.schema.credentials import HostKey
from realtimekit_provider.schema.input_diff import diff_inputs
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.schema.values import type_adapter
from tests.bad_inputs import CONFIG
from tests.example_values import (
    CANARY,
    CONNECTION_STRING,
    PRIVATE_KEY,
    RSA_PRIVATE_KEY,
    SERVICE_ACCOUNT,
    SFTP_WITH_PASSWORD,
    STORAGE,
    build_inputs,
    build_layers,
)

BYTE_ORDER_MARK = "\ufeff"
SIGNED = "BlobEndpoint=https://acme.blob.core.windows.net;SharedAccessSignature="
RIGHTS = "sv=2025-01-05&sr=c&sp=cw&se=2099-01-01T00:00:00Z&sig=CANARY%3D"
FOLDED_JSON = SERVICE_ACCOUNT.replace("\\n", "\n")


def find_failures(kind: str, field: str, value: Any) -> list[str]:
    storage = SFTP_WITH_PASSWORD if (kind, field) == ("sftp", "password") else STORAGE[kind]
    failures = validate_inputs(build_inputs(layers=build_layers({**storage, field: value})))
    assert CANARY not in repr(failures)
    assert {failure.path for failure in failures} <= {f"{CONFIG}.{field}"}
    return [failure.reason for failure in failures]


def send(kind: str, field: str, value: str) -> str:
    layers = build_layers({**STORAGE[kind], field: value})
    request = TrackRequest.model_validate({"meeting_id": "m", "layers": layers})
    output = build_track_body(request, "outputs")["layers"]["default"]["outputs"][0]
    return str(output["storage_config"][field])


SENT_AS_THEY_ARE = [
    (kind, field)
    for kind, field in (
        ("aws", "access_key"),
        ("aws", "secret"),
        ("digitalocean", "access_key"),
        ("digitalocean", "secret"),
        ("sftp", "password"),
    )
]


@pytest.mark.parametrize(("kind", "field"), SENT_AS_THEY_ARE)
@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("", "\n", "ends with a line break"),
        ("", "\r\n", "ends with a line break"),
        ("", " ", "ends with a space or tab"),
        ("\t", "", "begins with a space or tab"),
        (BYTE_ORDER_MARK, "", "begins with a byte order mark"),
        ("", "\u200b", "ends with an invisible character"),
        ("\u00a0", "", "begins with an invisible character"),
    ],
)
def test_white_space_around_a_key_or_password_is_named(
    kind: str, field: str, before: str, after: str, words: str
) -> None:
    """It would be signed with, or sent: the cloud says only that the signature is wrong."""
    [reason] = find_failures(kind, field, f"{before}CANARY{after}")
    assert words in reason


@pytest.mark.parametrize("value", ['"CANARY"', "'CANARY'", "CAN ARY", "CANARYé"])
def test_an_access_key_has_no_quotes_and_no_blanks(value: str) -> None:
    """A password may have them, within."""
    assert find_failures("aws", "secret", value)
    assert not find_failures("sftp", "password", value)


TRIMMED = [
    ("sftp", "private_key", PRIVATE_KEY),
    ("gcs", "secret", SERVICE_ACCOUNT),
    ("azure", "access_key", CONNECTION_STRING),
]


@pytest.mark.parametrize("key", ["CANAR", "CANARY=", "CANARY_-", "CANARY-not base64"])
def test_an_account_key_that_is_no_base64_is_refused(key: str) -> None:
    """Azure's SDK cannot sign with it, and only the recorder would find that out."""
    text = f"DefaultEndpointsProtocol=https;AccountName=acme;AccountKey={key}"
    [reason] = find_failures("azure", "access_key", text)
    assert "copy it again" in reason


@pytest.mark.parametrize(("kind", "field", "value"), TRIMMED)
@pytest.mark.parametrize(("before", "after"), [(BYTE_ORDER_MARK, ""), ("\n ", "\r\n\n"), ("", "")])
def test_white_space_around_a_file_is_dropped(
    kind: str, field: str, value: str, before: str, after: str
) -> None:
    """It means nothing there, and is not sent."""
    given = f"{before}{value.strip()}{after}"
    assert find_failures(kind, field, given) == []
    assert send(kind, field, given).strip() == value.strip()
    assert BYTE_ORDER_MARK not in send(kind, field, given)


@pytest.mark.parametrize(
    "change",
    [
        lambda key: key.rstrip("\n"),
        lambda key: key.replace("\n", "\r\n"),
        lambda key: key.replace("\n", "\n    "),
        lambda key: f"{BYTE_ORDER_MARK}{key}\n\n",
    ],
)
def test_a_private_key_is_sent_whole_with_its_last_line_break(change: Any) -> None:
    """Pulumi cuts it off, and OpenSSH's own tools refuse a key without it."""
    assert find_failures("sftp", "private_key", change(PRIVATE_KEY)) == []
    assert send("sftp", "private_key", change(PRIVATE_KEY)) == PRIVATE_KEY


@pytest.mark.parametrize("field", ["private_key", "host_key"])
def test_a_last_line_break_alone_is_no_change(field: str) -> None:
    """What is deployed without it needs no deployment."""
    assert diff_inputs({field: "a\nb"}, {field: "a\nb\n"}, replace_on=()).is_empty
    assert not diff_inputs({field: "a\nb"}, {field: "a\nc\n"}, replace_on=()).is_empty
    assert not diff_inputs({"secret": "a"}, {"secret": "a\n"}, replace_on=()).is_empty


NAMED = {
    "two characters '\\n'": PRIVATE_KEY.replace("\n", "\\n"),
    "blanks where they should be": PRIVATE_KEY.replace("\n", " "),
    "quotation marks": f'"{PRIVATE_KEY}"',
    "encoded in base64 as a whole": base64.b64encode(PRIVATE_KEY.encode()).decode(),
    "cut off, damaged": PRIVATE_KEY.replace("AwQF", ""),
    "is a PuTTY key": "PuTTY-User-Key-File-3: CANARY",
    "is a public key": "ssh-ed25519 CANARY",
}


@pytest.mark.parametrize("words", NAMED)
def test_a_change_of_a_private_key_is_named(words: str) -> None:
    """Each by what the user sees in the value."""
    [reason] = find_failures("sftp", "private_key", NAMED[words])
    assert words in reason


GOOGLE: dict[str, str] = {
    "its private_key has the two characters '\\n'": SERVICE_ACCOUNT.replace("\\n", "\\\\n"),
    "real line breaks within its texts": FOLDED_JSON,
    "stands in quotation marks": json.dumps(SERVICE_ACCOUNT),
    "encoded in base64": base64.b64encode(SERVICE_ACCOUNT.encode()).decode(),
    "not of another credential": SERVICE_ACCOUNT.replace("service_account", "authorized_user"),
    "its private_key is a private key that is cut off": SERVICE_ACCOUNT.replace("MIICd", "MIICe"),
    "its private_key is not an RSA key": json.dumps(
        {"client_email": "a@b", "private_key": PRIVATE_KEY}
    ),
    "token_uri that is not an https address": json.dumps(
        {**json.loads(SERVICE_ACCOUNT), "token_uri": "http://oauth.example/token"}
    ),
}


@pytest.mark.parametrize("words", GOOGLE)
def test_a_mistake_in_a_service_accounts_key_is_named(words: str) -> None:
    """The recorder would only lose the file, and nobody would be told."""
    [reason] = find_failures("gcs", "secret", GOOGLE[words])
    assert words in reason


@pytest.mark.parametrize("field", ["n", "e", "d", "p"])
def test_a_key_with_one_wrong_byte_is_refused(field: str) -> None:
    """It still looks like a key; its numbers do not belong together."""
    lines = RSA_PRIVATE_KEY.splitlines()
    row = {"n": 2, "e": 3, "d": 6, "p": 10}[field]
    lines[row] = lines[row][:30] + ("A" if lines[row][30] != "A" else "B") + lines[row][31:]
    key = {**json.loads(SERVICE_ACCOUNT), "private_key": "\n".join(lines)}
    assert "damaged" in find_failures("gcs", "secret", json.dumps(key))[0]


AZURE: dict[str, str] = {
    "quotation marks": f'"{CONNECTION_STRING}"',
    "AccountKey that is not base64": CONNECTION_STRING.replace("CANARY", "CAN!ARY"),
    "line break within": CONNECTION_STRING.replace(";AccountKey", ";\nAccountKey"),
    "not NAME=VALUE": CONNECTION_STRING + ";x",
    "3 to 24 lower-case letters": CONNECTION_STRING.replace("=acme", "=Acme"),
    "a '?' before": f"{SIGNED}?{RIGHTS}",
    "without 'sig='": SIGNED + RIGHTS.replace("sig", "sic"),
    "without the right to write": SIGNED + RIGHTS.replace("sp=cw", "sp=rl"),
    "for a single blob": SIGNED + RIGHTS.replace("sr=c", "sr=b"),
    "does not cover objects": SIGNED + RIGHTS.replace("sr=c", "ss=b&srt=s"),
    "without the time when it expires": SIGNED + RIGHTS.replace("se=", "sx="),
    "expired at 2026-01-01 00:00 UTC": SIGNED + RIGHTS.replace("2099", "2026"),
    "BlobEndpoint with a path": SIGNED.replace(";Shared", "/other;Shared") + RIGHTS,
    "not valid before 2098": SIGNED + RIGHTS + "&st=2098-01-01",
}


@pytest.mark.parametrize("words", AZURE)
def test_a_mistake_in_a_connection_string_is_named(words: str) -> None:
    """Taken apart: the account, its key, the signature and its rights."""
    [reason] = find_failures("azure", "access_key", AZURE[words])
    assert words in reason


def test_a_signature_that_can_write_is_accepted() -> None:
    """Of a container, of an account, or bound to a policy."""
    for signature in (RIGHTS, RIGHTS.replace("sr=c", "ss=bf&srt=sco"), "si=rtk&sig=CANARY"):
        assert find_failures("azure", "access_key", SIGNED + signature) == []


def test_a_signature_that_expired_does_not_keep_a_recording_from_being_stopped() -> None:
    """Only the check of what is declared asks what time it is."""
    past = datetime.now(timezone.utc) - timedelta(days=1)
    expired = SIGNED + RIGHTS.replace("2099-01-01T00:00:00Z", f"{past:%Y-%m-%d}")
    assert "expired" in find_failures("azure", "access_key", expired)[0]
    assert send("azure", "access_key", expired) == expired


def test_a_key_under_a_passphrase_needs_one() -> None:
    """Without it the server would never be asked."""
    import asyncssh  # noqa: PLC0415

    key = asyncssh.import_private_key(PRIVATE_KEY)
    encrypted = key.export_private_key(
        passphrase="CANARY-passphrase", rounds=1, ignore_few_rounds=True
    ).decode()
    sftp = {**STORAGE["sftp"], "private_key": encrypted}
    assert SftpStorageConfig.model_validate(sftp).password is not None
    del sftp["password"]
    [failure] = validate_inputs(build_inputs(layers=build_layers(sftp)))
    assert failure.reason == "private_key is under a passphrase: give the passphrase as password"


@pytest.mark.parametrize("kind", STORAGE)
def test_an_unknown_credential_is_valid_and_never_sent(kind: str) -> None:
    """A preview passes over it; what is about to be sent must be a text."""
    for key in SECRET_KEYS & STORAGE[kind].keys():
        storage = {**STORAGE[kind], key: UNKNOWN}
        assert validate_inputs(build_inputs(layers=build_layers(storage))) == []
        with pytest.raises(ValidationError):
            type_adapter(StorageConfig).validate_python(storage)


_ED25519 = b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(range(32))
_NISTP256 = b"\0\0\0\x13ecdsa-sha2-nistp256\0\0\0\x08nistp256\0\0\0\x41\x04"
DAMAGED_HOST_KEYS = {
    "another length": ("ssh-ed25519", _ED25519 + b"\0"),
    "cut off": ("ssh-ed25519", _ED25519[:-3]),
    "another type": ("ssh-rsa", _ED25519),
    "a point outside of its curve": ("ecdsa-sha2-nistp256", _NISTP256 + b"\1" * 64),
    "an even RSA number": ("ssh-rsa", b"\0\0\0\7ssh-rsa\0\0\0\1\3\0\0\1\0" + b"\x7e" * 256),
}


@pytest.mark.parametrize("name", DAMAGED_HOST_KEYS)
def test_a_damaged_host_key_is_refused(name: str) -> None:
    """It has the form of a key, and the library would refuse it in the middle of a deployment."""
    key_type, content = DAMAGED_HOST_KEYS[name]
    with pytest.raises(ValidationError, match="cut off or damaged"):
        type_adapter(HostKey).validate_python(f"{key_type} {base64.b64encode(content).decode()}")


@pytest.mark.parametrize("comment", ["", " root@archive", " Büro\t2 "])
def test_the_comment_of_a_host_key_means_nothing(comment: str) -> None:
    """The library takes no comment in another script, and needs none."""
    key = f"ssh-ed25519 {base64.b64encode(_ED25519).decode()}"
    assert type_adapter(HostKey).validate_python(f"{key}{comment}") == key
