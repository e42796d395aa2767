"""Google's answers lead no token elsewhere: no redirect is followed, no foreign address called."""

from __future__ import annotations

import pytest
from google.auth.credentials import AnonymousCredentials

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.values import type_adapter
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.gcs.api import ApiCall, build_storage_url
from realtimekit_provider.storage.backends.gcs.session import GoogleSession
from realtimekit_provider.storage.backends.gcs.write_probe import GcsWriteProbe
from tests.example_values import STORAGE
from tests.fuzz.raw_server import raw_server


def open_session() -> GoogleSession:
    """Return a session without a credential."""
    credentials = AnonymousCredentials()  # type: ignore[no-untyped-call]
    return GoogleSession(credentials, ErrorContext("The bucket x", "Google", "no credentials", ""))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_google_is_followed(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a failure like any other, and whoever it points to hears nothing."""
    with raw_server() as api, raw_server() as elsewhere:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", api.origin)
        head = f"HTTP/1.1 {status} Found\r\nLocation: {elsewhere.origin}/stolen\r\n"
        api.answer = f"{head}Content-Length: 0\r\n\r\n".encode()
        session = open_session()
        url = build_storage_url("storage/v1/b/x")
        with pytest.raises(StorageError):
            session.send(ApiCall("GET", url, "The bucket x", "buckets.get", "storage.buckets.get"))
        assert len(api.received) == 1
        assert elsewhere.received == []


def test_an_upload_that_is_begun_elsewhere_is_not_called_off_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The address of an upload comes from the answer; another host's gets no token."""
    with raw_server() as api, raw_server() as elsewhere:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", api.origin)
        anonymous = open_session()
        monkeypatch.setattr(GoogleSession, "for_key", lambda *_: anonymous)
        head = f"HTTP/1.1 200 OK\r\nLocation: {elsewhere.origin}/stolen\r\n"
        api.answer = f"{head}Content-Length: 2\r\n\r\n{{}}".encode()
        GcsWriteProbe().check(type_adapter(StorageConfig).validate_python(STORAGE["gcs"]), None)
        assert len(api.received) == 1
        assert elsewhere.received == []
