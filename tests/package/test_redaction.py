"""No credential leaves the process in a text."""

from __future__ import annotations

import json
from base64 import b64encode, encodebytes, urlsafe_b64encode
from collections.abc import Callable, Mapping
from urllib.parse import quote, quote_plus, unquote
from xml.sax.saxutils import escape

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.redaction import HIDDEN, find_secrets, redact, remember_secrets
from tests.example_values import (
    CANARY,
    CONNECTION_STRING,
    PRIVATE_KEY,
    SERVICE_ACCOUNT,
    SFTP_WITH_PASSWORD,
    STORAGE,
)
from tests.leaks import find_leak

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


SECRET = "CANARY\"'\\\n\tCANARY/+=@:#%25 CANARY-\N{LATIN SMALL LETTER E WITH ACUTE}<&CANARY"
FORMS: Mapping[str, Callable[[str], str]] = {
    "clear": str,
    "a repr": repr,
    "a repr of bytes": lambda text: repr(text.encode()),
    "JSON": json.dumps,
    "JSON in its own letters": lambda text: json.dumps(text, ensure_ascii=False),
    "JSON inside JSON": lambda text: json.dumps(json.dumps(text)),
    "XML": escape,
    "a URL": quote,
    "a part of a URL": lambda text: quote(text, safe=""),
    "a form": quote_plus,
    "hexadecimal": lambda text: text.encode().hex(),
    "base64": lambda text: b64encode(text.encode()).decode(),
    "base64 after others": lambda text: b64encode(b"ops:" + text.encode()).decode(),
    "base64 between others": lambda text: b64encode(b"a" + text.encode() + b"z").decode(),
    "base64 of a URL": lambda text: urlsafe_b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: encodebytes(text.encode() * 3).decode(),
    "broken into lines": lambda text: "\n".join(text[i : i + 3] for i in range(0, len(text), 3)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_known_credential_is_hidden_in_every_form(form: str) -> None:
    """Whoever writes it down, and whatever stands around it."""
    cleaned = redact(f"refused: {FORMS[form](SECRET)}!", [SECRET])
    assert find_leak(cleaned, CANARY) is None
    assert HIDDEN in cleaned


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "all_proxy", "AWS_ENDPOINT_URL"])
@pytest.mark.parametrize(
    "password", ["CANARY", "CANARY/CANARY#", "CAN%41RY%0ACANARY", "x@CANARY", 'x"CANARY']
)
def test_the_password_in_a_url_of_the_environment_is_known(
    name: str, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is written there, and as a library sends it, also where the URL cannot be read."""
    monkeypatch.setenv(name, f"http://ops:{password}@proxy.example:3128")
    for text in (password, unquote(password), f"'ops:{password.partition('#')[0]}"):
        header = b64encode(f"ops:{text}".encode()).decode()
        assert find_leak(redact(f"no host {text}, Basic {header}"), CANARY) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://mirror:8443/simple/recordings@v2",
        "https://[::1]:8443/simple/recordings@v2",
        "git+https://ops:CANARY-of-ops@git.example/simple/recordings@v2",
    ],
)
def test_the_path_of_a_url_of_the_environment_is_no_password(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A version behind an @ makes none of a port and the words before it."""
    monkeypatch.setenv("PACKAGES", url)
    text = "simple recordings at mirror:8443 and git.example"
    assert redact(text) == text


def test_all_passwords_of_a_variable_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable may hold several URLs, also as JSON."""
    for value in (
        "http://a:CANARY-1@one.example http://b:CANARY-2@two.example",
        '{"a":"http://a:CANARY-1@one.example","b":"http://b:CANARY-2@two.example"}',
        "git+https://a:CANARY-1@git.example/acme@v2 https://b:CANARY-2@mirror:8443/acme@v2",
    ):
        monkeypatch.setenv("MIRRORS", value)
        assert find_leak(redact("refused: CANARY-1, CANARY-2"), CANARY) is None


def test_a_credential_from_a_file_is_hidden_once_it_was_read() -> None:
    """An SDK's credential is known when it was read."""
    remember_secrets("CANARY-of-a-profile", None)
    assert redact("no such key: CANARY-of-a-profile") == f"no such key: {HIDDEN}"


def test_a_single_line_of_a_key_is_hidden() -> None:
    """An error that quotes one line of a key that was sent quotes too much."""
    line = PRIVATE_KEY.splitlines()[1]
    assert redact(f"bad line {line} here", [PRIVATE_KEY]) == f"bad line {HIDDEN} here"


def test_a_text_without_a_credential_stays() -> None:
    """A text is still worth reading afterwards."""
    text = "bucket acme-recordings in us-east-1 refused s3:PutObject (HTTP 403, cf-ray 8f-FRA)"
    assert redact(text, ["CANARY", "", "ap"]) == text


SENTENCES = (
    "storage.archive.access_key: is a credential in plain text: write {fromConfig: NAME} here",
    "StorageGate resource 'archive-gate' has a problem: secret: must not be empty",
    "outputs[0].storage_config.password: stands in quotation marks: store it without them",
    'constructing secrets manager of type "passphrase": passphrase must be set with PULUMI_CONFIG',
)


@pytest.mark.parametrize("text", SENTENCES)
def test_a_sentence_about_a_credential_stays(text: str) -> None:
    """Its path ends in the name of one."""
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "password: 'is CANARY'",
        "secret=is CANARY",
        "password: isCANARY x",
        "secret: isn't,CANARY",
        '{"type": "x", "passphrase": "is CANARY"}',
        'of type "passphrase": isCANARY',
        'secrets manager of type "x", "passphrase": isCANARY',
    ],
)
def test_a_value_that_begins_like_a_sentence_is_hidden(text: str) -> None:
    """In quotation marks, after another sign, or as one word."""
    cleaned = redact(text)
    assert HIDDEN in cleaned
    assert "is CANARY" not in cleaned.removeprefix(f"secret={HIDDEN} ")


PARTS = (
    *("password", "access_key", "my_secret", "bearer ", "authorization: basic ", "AccountKey="),
    *("?sig=", "X-Amz-Signature=", "://", "@", ": ", "=", " ", '"', "'", "\\", "[", "]", "&", ";"),
    *(",", "}", "\n", HIDDEN, "is a ", "CANARY", "x", "-----BEGIN RSA PRIVATE KEY-----"),
    *("-----END RSA PRIVATE KEY-----", "https://u:", "SharedAccessSignature="),
)


@given(
    st.lists(st.sampled_from(PARTS), max_size=12).map("".join),
    st.lists(st.sampled_from(["CANARY", "secret", "x@CANARY", "cret", "CANARY x"]), max_size=3),
)
@example("password: [secret]", [])
@example("password: [secret]x", [])
@example('://u:password="a b"@h', [])
@example("[secret] of CANARY", ["secret", "CANARY"])
def test_a_redacted_text_stays_unchanged(text: str, secrets: list[str]) -> None:
    """A text passes several places that redact it."""
    once = redact(text, secrets)
    assert redact(once, secrets) == once
    assert HIDDEN not in text or HIDDEN in once


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
