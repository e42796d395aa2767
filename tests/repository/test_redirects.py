"""Google's answers lead no token elsewhere: no redirect is followed, no foreign address called."""

from __future__ import annotations

import pytest
from google.auth.credentials import AnonymousCredentials

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.values import type_adapter
from realtimekit_provider.storage.backends.gcs import location_backend as gcs
from realtimekit_provider.storage.backends.gcs.session import Ask, GoogleSession, storage_url
from tests.example_values import STORAGE
from tests.fuzz.raw_server import raw_server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_of_google_is_followed(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a failure like any other, and whoever it points to hears nothing."""
    with raw_server() as api, raw_server() as elsewhere:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", api.origin)
        head = f"HTTP/1.1 {status} Found\r\nLocation: {elsewhere.origin}/stolen\r\n"
        api.answer = f"{head}Content-Length: 0\r\n\r\n".encode()
        session = GoogleSession(AnonymousCredentials(), "nobody")  # type: ignore[no-untyped-call]
        with pytest.raises(StorageError):
            session.ask(Ask("GET", storage_url("storage/v1/b/x"), "read the bucket", "nothing"))
        assert len(api.received) == 1
        assert elsewhere.received == []


def test_an_upload_that_is_begun_elsewhere_is_not_called_off_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The address of an upload comes from the answer; another host's gets no token."""
    with raw_server() as api, raw_server() as elsewhere:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", api.origin)
        nobody = GoogleSession(AnonymousCredentials(), "nobody")  # type: ignore[no-untyped-call]
        monkeypatch.setattr(GoogleSession, "of_key", lambda _: nobody)
        head = f"HTTP/1.1 200 OK\r\nLocation: {elsewhere.origin}/stolen\r\n"
        api.answer = f"{head}Content-Length: 2\r\n\r\n{{}}".encode()
        gcs.GcsWriteProbe().check(type_adapter(StorageConfig).validate_python(STORAGE["gcs"]), None)
        assert len(api.received) == 1
        assert elsewhere.received == []
