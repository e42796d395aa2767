"""The endpoint is the same for the bucket and for its gate, and is one that the bucket accepts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.errors import StorageError
from realtimekit_provider.storage.backends.registry import (
    check_write_access,
    find_environment_failures,
    get_location_backend,
)
from realtimekit_provider.storage.gate.inputs import parse_storage_config
from realtimekit_provider.storage.location.inputs import LocationInputs, apply_location_defaults
from tests.storage.backends.refusing_server import (
    ACCOUNT_KEY,
    Refusal,
    azure_refusal,
    point_to,
    refusing_server,
    s3_refusal,
)

LOCATIONS: Mapping[str, Mapping[str, Any]] = {
    "aws": {"bucket": "acme-recordings", "region": "eu-central-1"},
    "azure": {"account": "acme", "container": "recordings"},
    "digitalocean": {"bucket": "acme-recordings", "region": "SGP1"},
    "gcs": {"bucket": "acme-recordings", "region": "EU", "project": "acme-prod"},
}
REFUSALS = {
    "aws": s3_refusal("AccessDenied"),
    "azure": azure_refusal("AuthenticationFailed"),
    "digitalocean": s3_refusal("AccessDenied"),
    "gcs": Refusal(403, '{"error": {"code": 403}}', {"Content-Type": "application/json"}),
}
TLS = {"type": "aws", **LOCATIONS["aws"], "tls_only": True, "existing": False}


@pytest.fixture(autouse=True)
def _as_administrator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whose credentials are wrong, and who has no endpoint of his own yet."""
    for name in (
        "AWS_ENDPOINT_URL",
        "AWS_ENDPOINT_URL_S3",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_PROFILE",
        "SPACES_ENDPOINT_URL",
        "AZURE_STORAGE_CONNECTION_STRING",
        "GOOGLE_APPLICATION_CREDENTIALS",
    ):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS", "SPACES"):
        monkeypatch.setenv(f"{name}_ACCESS_KEY_ID", "AKIANOBODY")
        monkeypatch.setenv(f"{name}_SECRET_ACCESS_KEY", "nothing")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")


def ask_location(storage_type: str, **declared: Any) -> None:
    """Have a location looked at, and refused."""
    inputs = {"type": storage_type, **LOCATIONS[storage_type], **declared}
    location = LocationInputs.from_props(apply_location_defaults(inputs)).location
    with (
        pytest.raises(StorageError),
        get_location_backend(storage_type).connect(location) as client,
    ):
        client.exists()


def ask_gate(config: Mapping[str, Any], endpoint: str | None = None) -> None:
    """Have a gate write, and be refused."""
    with pytest.raises(StorageError):
        check_write_access(parse_storage_config(config), None, endpoint=endpoint)


@pytest.mark.parametrize("storage_type", LOCATIONS)
def test_bucket_and_gate_are_at_the_endpoint_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, storage_type: str
) -> None:
    """Azure's is in the connection string, of the administrator and of the gate."""
    with refusing_server(REFUSALS[storage_type]) as server:
        config = point_to(storage_type, server.url, monkeypatch)
        account = f"BlobEndpoint={server.url}/acme;AccountName=acme;AccountKey={ACCOUNT_KEY}"
        monkeypatch.setenv("AZURE_STORAGE_CONNECTION_STRING", account)
        ask_location(storage_type)
        assert server.requests, "the bucket"
        server.requests.clear()
        ask_gate(config)
        assert server.requests, "the gate"


def test_bucket_and_gate_are_at_the_declared_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a variable that names another one, and with none."""
    with refusing_server(s3_refusal("AccessDenied")) as server:
        config = point_to("digitalocean", "http://127.0.0.1:1", monkeypatch)
        for _ in range(2):
            ask_location("digitalocean", endpoint=server.url)
            ask_gate(config, endpoint=server.url)
            assert [one.partition(" ")[0] for one in server.requests] == ["HEAD", "POST"]
            server.requests.clear()
            monkeypatch.delenv("SPACES_ENDPOINT_URL", raising=False)


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"])
def test_a_bucket_for_tls_alone_is_refused_at_an_endpoint_without(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    """It would refuse every request; the check says what to do, and quotes no password."""
    monkeypatch.setenv(variable, "http://user:CANARY@127.0.0.1:9000/")
    [failure] = find_environment_failures(TLS)
    assert failure.path == "tls_only"
    assert failure.reason.startswith("must be false for an endpoint without TLS")
    assert "http://127.0.0.1:9000 (" in failure.reason
    assert "CANARY" not in failure.reason


def test_an_endpoint_without_tls_in_the_profile_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As the SDK reads it: unless such endpoints are to be ignored, or the profile is missing."""
    text = "[default]\nendpoint_url = http://127.0.0.1:9000\n"
    (tmp_path / "config").write_text(text, encoding="utf-8")
    assert [one.path for one in find_environment_failures(TLS)] == ["tls_only"]
    monkeypatch.setenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")
    assert list(find_environment_failures(TLS)) == []
    monkeypatch.delenv("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert list(find_environment_failures(TLS)) == []


@pytest.mark.parametrize(
    ("changed", "url"),
    [
        ({"tls_only": False}, "http://127.0.0.1:9000"),
        ({"existing": True}, "http://127.0.0.1:9000"),
        ({}, "https://minio.example"),
        ({}, ""),
        ({"type": "digitalocean"}, "http://127.0.0.1:9000"),
        ({"type": "surprise"}, "http://127.0.0.1:9000"),
    ],
)
def test_an_endpoint_that_the_bucket_accepts_is_no_mistake(
    monkeypatch: pytest.MonkeyPatch, changed: Mapping[str, Any], url: str
) -> None:
    """Without that policy, with TLS, at AWS itself, and in other clouds, which have no such key."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", url)
    assert list(find_environment_failures({**TLS, **changed})) == []
