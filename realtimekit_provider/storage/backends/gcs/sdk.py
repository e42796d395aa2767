"""The parts of Google's SDKs that are used here; most of them are untyped."""

from __future__ import annotations

from typing import Any, NamedTuple

from realtimekit_provider.call_log import CallLog, host_and_path
from realtimekit_provider.redaction import remember_secrets
from realtimekit_provider.storage.backends.sdk_imports import import_alone

__all__ = ["GoogleSdk", "create_authorized_session", "import_sdk"]

_TIMEOUTS = (10, 30)


class GoogleSdk(NamedTuple):
    """Modules of google-auth, google-api-core and google-cloud-storage."""

    api_errors: Any
    auth: Any
    auth_errors: Any
    credentials: Any
    service_account: Any
    storage: Any
    transport: Any


def import_sdk() -> GoogleSdk:
    """Import the SDK.

    Raises:
        MissingSdkError: It is not installed.
    """
    with import_alone("Google Cloud", "gcs"):
        import google.auth
        import google.auth.transport.requests
        from google.api_core import exceptions as api_errors
        from google.auth import credentials, exceptions
        from google.cloud import storage
        from google.oauth2 import service_account
    return GoogleSdk(
        api_errors=api_errors,
        auth=google.auth,
        auth_errors=exceptions,
        credentials=credentials,
        service_account=service_account,
        storage=storage,
        transport=google.auth.transport.requests,
    )


def create_authorized_session(credentials: Any) -> Any:
    """Return a ``requests`` session that signs its calls, for one thread.

    Its timeouts hold for every call, whatever the SDK asks for, and no redirect is followed: the
    token would go with it. Nor are allowed locations looked up: google-auth does that in the
    background, for a header that the calls of so short a run never get to carry.
    """
    sdk = import_sdk()
    request_token = sdk.transport.Request()

    def send(url: str, *args: Any, **kwargs: Any) -> Any:
        if url.endswith("/allowedLocations"):
            raise sdk.auth_errors.TransportError("allowed locations are not looked up")
        method = kwargs.get("method", "GET")
        with CallLog("Google", method, host_and_path(url)) as call:
            response = request_token(url, *args, **kwargs)
            call.log_response(response.status, response.headers)
        return response

    class LoggingSession(sdk.transport.AuthorizedSession):  # type: ignore[misc,name-defined]
        """Logs each call; a response of 401 is followed by another with a new token."""

        def request(self, method: str, url: str, **kwargs: Any) -> Any:
            limits = {"timeout": _TIMEOUTS, "allow_redirects": False}
            response = super().request(method, url, **{**kwargs, **limits})
            remember_secrets(credentials.token)  # an answer may quote the request
            return response

        def send(self, request: Any, **kwargs: Any) -> Any:
            with CallLog("Google", request.method, host_and_path(request.url)) as call:
                response = super().send(request, **kwargs)
                call.log_response(response.status_code, response.headers)
            return response

    return LoggingSession(credentials, auth_request=send)
