"""Authorized calls of Google's IAM, whose own SDK speaks gRPC alone."""

from __future__ import annotations

from dataclasses import replace

from realtimekit_provider.storage.backends.gcs.api import ApiCall, ApiResponse, parse_response
from realtimekit_provider.storage.backends.gcs.attempts import call_while_busy
from realtimekit_provider.storage.backends.gcs.credentials import Caller
from realtimekit_provider.storage.backends.gcs.errors import build_response_error, translate_errors
from realtimekit_provider.storage.backends.gcs.sdk import create_authorized_session

__all__ = ["GoogleSession"]

_FIRST_FAILURE = 300  # a redirect is one: it is not followed


class GoogleSession:
    """Calls in the name of one caller; every failure is a :class:`StorageError`."""

    def __init__(self, caller: Caller) -> None:
        self._session = create_authorized_session(caller.credentials)
        self._context = caller.context

    def close(self) -> None:
        """Close the connections; no call may follow."""
        self._session.close()

    def send(self, call: ApiCall, *tolerated: int) -> ApiResponse:
        """Send a call and return its answer.

        Args:
            call: The call.
            tolerated: Statuses above 299 that the caller deals with.

        Raises:
            StorageError: There is no answer, or it says no.
        """
        context = replace(self._context, about=call.about)
        with translate_errors(context, call.operation):
            response = call_while_busy(
                lambda: self._send_once(call), is_repeatable=call.is_repeatable
            )
        if response.status >= _FIRST_FAILURE and response.status not in tolerated:
            raise build_response_error(call.operation, response, context)
        return response

    def _send_once(self, call: ApiCall) -> ApiResponse:
        return parse_response(
            self._session.request(call.method, call.url, params=dict(call.params), json=call.body)
        )
