"""Google's answers lead no token elsewhere: no redirect is followed, no foreign address called."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from google.auth.credentials import AnonymousCredentials

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.values import type_adapter
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.gcs.api import ApiCall, Operation, build_iam_url
from realtimekit_provider.storage.backends.gcs.credentials import Caller
from realtimekit_provider.storage.backends.gcs.session import GoogleSession
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.gcs.write_probe import GcsWriteProbe
from tests.example_values import STORAGE
from tests.fuzz.raw_server import raw_server

OPERATION = Operation("get", "get")


def create_caller() -> Caller:
    """Return somebody without a credential."""
    credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
    return Caller(credentials, ErrorContext("The bucket x", "Google", "no credentials", ""))


def read_account() -> object:
    call = ApiCall("GET", build_iam_url("projects/p/serviceAccounts/x"), "The account", OPERATION)
    return GoogleSession(create_caller()).send(call)


def read_bucket() -> object:
    client = StorageClient(create_caller())
    return client.call(OPERATION, lambda sdk: sdk.get_bucket("x", retry=None))


@pytest.mark.parametrize("read", [read_account, read_bucket])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_google_is_followed(
    status: int, read: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a failure like any other, and whoever it points to hears nothing."""
    with raw_server() as api, raw_server() as elsewhere:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", api.origin)
        monkeypatch.setenv("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM", api.origin)
        head = f"HTTP/1.1 {status} Found\r\nLocation: {elsewhere.origin}/stolen\r\n"
        api.answer = f"{head}Content-Length: 0\r\n\r\n".encode()
        with pytest.raises(StorageError, match=f"HTTP {status}"):
            read()
        assert len(api.received) == 1
        assert elsewhere.received == []


@pytest.mark.parametrize("location", ["elsewhere", "nowhere"])
def test_an_upload_that_starts_elsewhere_is_not_called_off_there(
    location: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address of an upload comes from the answer; another host's gets no token."""
    with raw_server() as api, raw_server() as elsewhere:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", api.origin)
        monkeypatch.setattr(
            "realtimekit_provider.storage.backends.gcs.write_probe.parse_service_account_key",
            lambda *_: create_caller(),
        )
        named = f"Location: {elsewhere.origin}/stolen\r\n" if location == "elsewhere" else ""
        api.answer = f"HTTP/1.1 200 OK\r\n{named}Content-Length: 2\r\n\r\n{{}}".encode()
        GcsWriteProbe().check(type_adapter(StorageConfig).validate_python(STORAGE["gcs"]), None)
        assert len(api.received) == 1
        assert elsewhere.received == []
