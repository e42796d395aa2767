"""A variable that takes the path of a file and holds its content is told, and never quoted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from realtimekit_provider.errors import StorageCredentialError
from realtimekit_provider.redaction import redact
from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.azure import errors as azure
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from tests.example_values import CANARY, PRIVATE_KEY, SERVICE_ACCOUNT
from tests.storage.locations import locations

USER = json.dumps(
    {"type": "authorized_user", "client_secret": "CANARY", "refresh_token": "1//0CANARY"}
)
PROFILE = "[default]\naws_access_key_id = CANARY\naws_secret_access_key = CANARY\n"
CONTENTS = {
    "JSON of a user": (USER, "JSON"),
    "JSON of a service account": (SERVICE_ACCOUNT, "JSON"),
    "JSON in quotes": (f"'{USER}'", "JSON"),
    "JSON after a byte order mark": (f"\ufeff{USER}", "JSON"),
    "JSON in base64": ("eyJ0eXBlIjoiQ0FOQVJZIn0=CANARY", "base64"),
    "a key": (PRIVATE_KEY, "a key or a certificate"),
    "lines": ("name = CANARY\nsecret = CANARY", "several lines"),
}


CONTEXT = ErrorContext("The container acme", "Azure", "the credentials", "Log in.")


def read_from_google() -> object:
    return locations("gcs").read(GcsLocation(bucket="acme", region="EU", project="acme-prod"))


def read_from_aws() -> object:
    return locations("aws").read(AwsLocation(bucket="acme", region="eu-west-1"))


def ask_azure() -> None:
    with azure.translate_errors(CONTEXT, "List Blobs", "rights"):
        pytest.fail("the variable was not looked at")


def refuse(act: Callable[[], object]) -> str:
    with pytest.raises(StorageCredentialError) as caught:
        act()
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert CANARY not in str(caught.value) + repr(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", CONTENTS)
def test_google_credentials_instead_of_their_path_are_reported(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """google-auth would print them as the name of a file that was not found."""
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    content, word = CONTENTS[name]
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", content)
    text = refuse(read_from_google)
    assert "GOOGLE_APPLICATION_CREDENTIALS takes the path of a file, and holds" in text
    assert word in text


@pytest.mark.parametrize(
    ("variable", "content", "act"),
    [
        ("AWS_SHARED_CREDENTIALS_FILE", PROFILE, read_from_aws),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "eyJhbGciOiJSUzI1NiJ9.CANARY", read_from_aws),
        ("AWS_CA_BUNDLE", PRIVATE_KEY, read_from_aws),
        ("REQUESTS_CA_BUNDLE", PRIVATE_KEY, ask_azure),
        ("SSL_CERT_FILE", PRIVATE_KEY, read_from_google),
    ],
)
def test_other_variables_that_take_a_path_are_reported_too(
    monkeypatch: pytest.MonkeyPatch, variable: str, content: str, act: Callable[[], object]
) -> None:
    """An SDK quotes the content, or finds no such file and says nothing."""
    monkeypatch.setenv(variable, content)
    assert f"{variable} takes the path of a file" in refuse(act)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", " \n"])
def test_a_profile_is_not_called_json(monkeypatch: pytest.MonkeyPatch, line_break: str) -> None:
    """It begins with a bracket, too."""
    monkeypatch.setenv("AWS_CONFIG_FILE", PROFILE.replace("\n", line_break))
    assert "holds the lines of such a file" in refuse(read_from_aws)


@pytest.mark.parametrize("content", ["CANARY", '"CANARY"', '{"type": "CANARY"}', "{}"])
def test_a_file_that_holds_no_credentials_is_reported_without_its_content(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str
) -> None:
    """Whatever google-auth says about it."""
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    path = tmp_path / "key.json"
    path.write_text(content, encoding="utf-8")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(path))
    assert "holds no credentials that google-auth can read" in refuse(read_from_google)


def test_a_value_that_may_be_a_path_or_a_credential_is_not_quoted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A token in the place of the path looks like the name of a file."""
    monkeypatch.delenv("STORAGE_EMULATOR_HOST", raising=False)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "ya29.CANARY")
    assert "there is no file at the path" in refuse(read_from_google)


@pytest.mark.parametrize(
    "variable", ["AWS_SECRET_ACCESS_KEY", "AZURE_STORAGE_KEY", "SPACES_SECRET_ACCESS_KEY"]
)
def test_credentials_in_the_environment_are_hidden_in_every_text(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """An SDK may quote what it read there itself, also as JSON writes it."""
    secret = 'CANARY/"+line\nnext'
    monkeypatch.setenv(variable, secret)
    assert CANARY not in redact(f"bad: {json.dumps([secret])}")


def test_the_password_of_a_proxy_is_hidden() -> None:
    """It stands in the URL that transport errors quote."""
    text = redact("cannot connect to http://ops:CANARY@proxy.example:3128/")
    assert text == "cannot connect to http://ops:[secret]@proxy.example:3128/"


def test_a_path_in_the_environment_stays_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The path of a token's file is no credential."""
    monkeypatch.setenv("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/run/token/acme")
    assert redact("cannot read /var/run/token/acme") == "cannot read /var/run/token/acme"
