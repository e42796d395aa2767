"""Uploads to Google Cloud Storage, with google-cloud-storage."""

from __future__ import annotations

import functools
import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.loopback import is_loopback_url
from realtimekit_emulator.uploads.endpoint import elsewhere
from realtimekit_emulator.uploads.sdk import CONNECT_SECONDS, READ_SECONDS, refusal, sdk
from realtimekit_emulator.uploads.uploader import UploadError, object_key

if TYPE_CHECKING:
    from realtimekit_emulator.uploads.endpoint import Endpoint
    from realtimekit_emulator.uploads.uploader import Upload

_EXTRA = "gcs"
_SCOPES = ("https://www.googleapis.com/auth/devstorage.read_write",)


class GcsUploader:
    """Creates objects at one endpoint, as the service account whose JSON is the secret.

    The account's key is exchanged for a token at its own ``token_uri``. The token travels alone
    from there on: an account's own credentials would ask Google for more in the background.
    """

    blocking = True

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def upload(self, upload: Upload) -> None:
        """Create one object; its bucket is not looked at, which a writer need not be allowed."""
        storage = upload.storage or {}
        url = self._endpoint.url()
        account = _account(storage["secret"])
        requests = sdk("requests", _EXTRA)
        errors = sdk("google.api_core.exceptions", _EXTRA)
        with closing(_direct(requests.Session())) as plain:
            token = _token(account, plain)
            with closing(_client(url, token, plain)) as client:
                blob = client.bucket(storage["bucket"]).blob(object_key(upload))
                try:
                    # No precondition: nothing says that a writer needs no right to read for it.
                    blob.upload_from_string(
                        upload.data,
                        content_type="audio/webm",
                        timeout=(CONNECT_SECONDS, READ_SECONDS),
                        retry=None,
                    )
                except errors.GoogleAPICallError as error:
                    raise refusal(error.code) from None


def _account(secret: str) -> dict[str, Any]:
    try:
        account = json.loads(secret)
    except ValueError:
        account = None
    if not isinstance(account, dict):
        message = "the secret is not the JSON of a service account"
        raise UploadError(message)
    if not is_loopback_url(str(account.get("token_uri"))):
        what = "the token_uri of the service account"
        raise elsewhere(what)
    return account


def _token(account: dict[str, Any], session: Any) -> Any:
    service_account = sdk("google.oauth2.service_account", _EXTRA)
    errors = sdk("google.auth.exceptions", _EXTRA)
    request = sdk("google.auth.transport.requests", _EXTRA).Request(session)
    try:
        key = service_account.Credentials.from_service_account_info(account, scopes=_SCOPES)
    except ValueError:
        message = "the key of the service account cannot be read"
        raise UploadError(message) from None
    try:
        key.refresh(functools.partial(request, timeout=READ_SECONDS))
    except errors.RefreshError:
        message = "the service account got no token"
        raise UploadError(message) from None
    return sdk("google.oauth2.credentials", _EXTRA).Credentials(key.token)


def _client(url: str, token: Any, plain: Any) -> Any:
    transport = sdk("google.auth.transport.requests", _EXTRA)
    session = transport.AuthorizedSession(
        token, refresh_status_codes=(), auth_request=transport.Request(plain)
    )
    client = sdk("google.cloud.storage", _EXTRA).Client(
        project=None,
        credentials=token,
        client_options={"api_endpoint": url},
        _http=_direct(session),
    )
    # Since 3.17 it reads the bucket in the background, for traces that nobody takes.
    client._bucket_metadata_cache = None  # noqa: SLF001 - the other switch is the environment
    return client


def _direct(session: Any) -> Any:
    """Let a session take no detour: no proxy of the environment, and no redirect."""
    session.trust_env = False
    session.max_redirects = 0
    return session
