"""Uploads to Google Cloud Storage, with google-cloud-storage."""

from __future__ import annotations

import functools
import json
from contextlib import closing
from typing import Any

from realtimekit_emulator.loopback import is_loopback_url
from realtimekit_emulator.uploads.endpoint import Endpoint, create_not_loopback_error
from realtimekit_emulator.uploads.sdk import (
    CONNECT_TIMEOUT,
    READ_TIMEOUT,
    create_rejection_error,
    import_sdk,
)
from realtimekit_emulator.uploads.storage_type import EndpointOption, StorageType
from realtimekit_emulator.uploads.uploader import Upload, UploadError

_EXTRA = "gcs"
_SCOPES = ("https://www.googleapis.com/auth/devstorage.read_write",)


class GcsUploader:
    """Creates objects at one endpoint, as the service account whose JSON is the secret.

    The account's key is exchanged for a token at its own ``token_uri``, and only the token is used
    from there on: credentials of the account would refresh themselves at Google's servers.
    """

    blocking = True

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    def upload(self, upload: Upload) -> None:
        """Create one object; its bucket is not read, since a writer may lack that right."""
        storage = upload.storage or {}
        url = self._endpoint.get_url()
        account = _parse_account(storage["secret"])
        requests = import_sdk("requests", _EXTRA)
        errors = import_sdk("google.api_core.exceptions", _EXTRA)
        with closing(_disable_proxies_and_redirects(requests.Session())) as session:
            token = _fetch_token(account, session)
            with closing(_create_client(url, token, session)) as client:
                blob = client.bucket(storage["bucket"]).blob(upload.object_key)
                try:
                    # No precondition: it may need the right to read, which a writer may lack.
                    blob.upload_from_string(
                        upload.data,
                        content_type="audio/webm",
                        timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                        retry=None,
                    )
                except errors.GoogleAPICallError as error:
                    raise create_rejection_error(error.code) from None


def _parse_account(secret: str) -> dict[str, Any]:
    try:
        account = json.loads(secret)
    except ValueError:
        account = None
    if not isinstance(account, dict):
        raise UploadError("the secret is not the JSON of a service account")
    if not is_loopback_url(str(account.get("token_uri"))):
        raise create_not_loopback_error("the token_uri of the service account")
    return account


def _fetch_token(account: dict[str, Any], session: Any) -> Any:
    service_account = import_sdk("google.oauth2.service_account", _EXTRA)
    errors = import_sdk("google.auth.exceptions", _EXTRA)
    request = import_sdk("google.auth.transport.requests", _EXTRA).Request(session)
    try:
        key = service_account.Credentials.from_service_account_info(account, scopes=_SCOPES)
    except ValueError:
        raise UploadError("the key of the service account cannot be read") from None
    try:
        key.refresh(functools.partial(request, timeout=READ_TIMEOUT))
    except errors.RefreshError:
        raise UploadError("the service account got no token") from None
    return import_sdk("google.oauth2.credentials", _EXTRA).Credentials(key.token)


def _create_client(url: str, token: Any, session: Any) -> Any:
    transport = import_sdk("google.auth.transport.requests", _EXTRA)
    authorized = transport.AuthorizedSession(
        token, refresh_status_codes=(), auth_request=transport.Request(session)
    )
    client = import_sdk("google.cloud.storage", _EXTRA).Client(
        project=None,
        credentials=token,
        client_options={"api_endpoint": url},
        _http=_disable_proxies_and_redirects(authorized),
    )
    # Since 3.17 the client reads the bucket in the background, for traces.
    client._bucket_metadata_cache = None  # noqa: SLF001 - the other switch is the environment
    return client


def _disable_proxies_and_redirects(session: Any) -> Any:
    """Return the session; it uses no proxy of the environment and follows no redirect."""
    session.trust_env = False
    session.max_redirects = 0
    return session


GCS = StorageType(
    name="gcs",
    uploader=GcsUploader,
    required_fields=("secret", "bucket", "region"),
    secret_fields=frozenset({"secret"}),
    endpoint_option=EndpointOption("gcs_endpoint", "Cloud Storage"),
)
