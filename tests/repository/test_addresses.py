"""No credential is sent unencrypted to another machine, whatever names the address."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from realtimekit_provider.api.settings import validate_base_url
from realtimekit_provider.constants import PUBLIC_BASE_URL
from realtimekit_provider.errors import SettingsError, StorageError
from realtimekit_provider.schema.credentials import ConnectionString
from realtimekit_provider.schema.hosts import Endpoint
from realtimekit_provider.storage.backends.azure.client import (
    build_administrator_context,
    create_account_client,
    create_container_client,
)
from realtimekit_provider.storage.backends.gcs.api import build_iam_url, build_storage_url
from realtimekit_provider.storage.backends.s3.client import create_client
from realtimekit_provider.storage.backends.spaces.client import (
    ENDPOINT_VARIABLE,
    create_spaces_client,
)
from tests.example_values import CANARY

REMOTE = "http://storage.example.com"
LOCAL = "http://127.0.0.1:9"
_KEY = f"AccountName=acme;AccountKey={CANARY}a2V5AA"
_IN_CLEAR = (
    f"DefaultEndpointsProtocol=http;{_KEY}",
    f"DefaultEndpointsProtocol=HTTP;{_KEY};EndpointSuffix=core.windows.net",
    f"BlobEndpoint={REMOTE};{_KEY}",
    f"DefaultEndpointsProtocol=https;BlobEndpoint={REMOTE};{_KEY}",
)
_ENCRYPTED = (
    f"DefaultEndpointsProtocol=https;{_KEY}",
    f"BlobEndpoint=https://acme.blob.core.windows.net;{_KEY}",
    f"BlobEndpoint={LOCAL}/acme;{_KEY}",
    _KEY,
)


def test_the_api() -> None:
    """https, or loopback."""
    assert validate_base_url(PUBLIC_BASE_URL) == PUBLIC_BASE_URL
    assert validate_base_url(f"{LOCAL}/client/v4") == f"{LOCAL}/client/v4"
    with pytest.raises(SettingsError, match="must be https"):
        validate_base_url(f"{REMOTE}/client/v4")


@pytest.mark.parametrize("text", _IN_CLEAR)
def test_a_connection_string_without_tls_is_a_check_failure(text: str) -> None:
    """Cloudflare would send the files and the signature in clear."""
    with pytest.raises(ValidationError, match="must use https") as refusal:
        TypeAdapter(ConnectionString).validate_python(text)
    assert "unencrypted" in refusal.value.errors()[0]["msg"]


@pytest.mark.parametrize("text", _ENCRYPTED)
def test_a_connection_string_with_tls_or_on_loopback_is_taken(text: str) -> None:
    """As the portal writes it, and as a test server does."""
    TypeAdapter(ConnectionString).validate_python(text)


def test_an_endpoint_without_tls_is_a_check_failure() -> None:
    """That of Spaces, which a location can name."""
    adapter = TypeAdapter(Endpoint)
    assert adapter.validate_python("https://fra1.example.com") == "https://fra1.example.com"
    assert adapter.validate_python(LOCAL) == LOCAL
    with pytest.raises(ValidationError, match="must use https"):
        adapter.validate_python(REMOTE)


@pytest.mark.parametrize(
    ("variable", "call"),
    [
        ("STORAGE_EMULATOR_HOST", build_storage_url),
        ("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", lambda: build_iam_url("projects")),
        ("AWS_ENDPOINT_URL", lambda: create_client("s3", "us-east-1")),
        ("AWS_ENDPOINT_URL_S3", lambda: create_client("s3", "us-east-1")),
        (ENDPOINT_VARIABLE, lambda: create_spaces_client("fra1", None, "id", CANARY)),
    ],
)
def test_a_variable_that_names_an_endpoint_without_tls_is_refused(
    variable: str, call: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The vendors' SDKs would take it; on loopback it is what tests need."""
    assert callable(call)
    monkeypatch.setenv(variable, REMOTE)
    with pytest.raises(StorageError, match="must be https") as refusal:
        call()
    assert CANARY not in str(refusal.value)
    monkeypatch.setenv(variable, LOCAL)
    call()


@pytest.mark.parametrize("text", _IN_CLEAR[1:3])
def test_an_azure_account_without_tls_is_refused(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The administrator's, and a writer's."""
    monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", text)
    with pytest.raises(StorageError, match="must be https"):
        create_account_client("acme", build_administrator_context("acme", "recordings"))
    with pytest.raises(StorageError, match="must be https"):
        create_container_client(text, "recordings")
