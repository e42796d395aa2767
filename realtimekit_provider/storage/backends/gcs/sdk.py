"""The parts of google-auth that are used here; most of it is untyped."""

from __future__ import annotations

from typing import Any, NamedTuple

from realtimekit_provider.call_log import CallLog, host_and_path
from realtimekit_provider.storage.backends.errors import build_missing_sdk_error

__all__ = ["GoogleSdk", "create_authorized_session", "import_sdk"]


class GoogleSdk(NamedTuple):
    """Modules of google-auth."""

    auth: Any
    credentials: Any
    exceptions: Any
    service_account: Any
    transport: Any


def import_sdk() -> GoogleSdk:
    """Import the SDK.

    Raises:
        MissingSdkError: It is not installed.
    """
    try:
        import google.auth
        import google.auth.transport.requests
        from google.auth import credentials, exceptions
        from google.oauth2 import service_account
    except ImportError:
        raise build_missing_sdk_error("Google Cloud", "gcs") from None
    transport = google.auth.transport.requests
    return GoogleSdk(google.auth, credentials, exceptions, service_account, transport)


def create_authorized_session(credentials: Any) -> Any:
    """Return a ``requests`` session that signs its calls, without looking up allowed locations.

    google-auth starts that look-up in the background, for a header that the calls of so short a
    run never get to carry; it would only outlive them.
    """
    sdk = import_sdk()
    request_token = sdk.transport.Request()

    def send(url: str, *args: Any, **kwargs: Any) -> Any:
        if url.endswith("/allowedLocations"):
            raise sdk.exceptions.TransportError("allowed locations are not looked up")
        method = kwargs.get("method", "GET")
        with CallLog("Google", method, host_and_path(url)) as call:
            response = request_token(url, *args, **kwargs)
            call.log_response(response.status, response.headers)
        return response

    class LoggingSession(sdk.transport.AuthorizedSession):  # type: ignore[misc,name-defined]
        """Logs each call; a response of 401 is followed by another with a new token."""

        def send(self, request: Any, **kwargs: Any) -> Any:
            with CallLog("Google", request.method, host_and_path(request.url)) as call:
                response = super().send(request, **kwargs)
                call.log_response(response.status_code, response.headers)
            return response

    return LoggingSession(credentials, auth_request=send)
