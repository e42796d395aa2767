"""Calls of Cloud Storage through Google's own SDK."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

from realtimekit_provider.storage.backends.gcs.api import (
    ApiResponse,
    Operation,
    build_storage_url,
    parse_response,
)
from realtimekit_provider.storage.backends.gcs.attempts import call_while_busy
from realtimekit_provider.storage.backends.gcs.credentials import Caller
from realtimekit_provider.storage.backends.gcs.errors import translate_errors
from realtimekit_provider.storage.backends.gcs.sdk import create_authorized_session, import_sdk

__all__ = ["StorageClient"]

_Result = TypeVar("_Result")


class StorageClient:
    """Calls in the name of one caller; every failure is a :class:`StorageError`.

    The SDK's client and its connections are not safe to share: each thread gets its own. What it
    is asked must be asked with ``retry=None``, since the SDK would try again for two minutes.
    """

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._of_thread = threading.local()
        self._sdk_clients: list[Any] = []

    def close(self) -> None:
        """Close the connections of all threads; no call may follow, or be running."""
        for client in self._sdk_clients:
            client.close()

    def call(self, operation: Operation, send: Callable[[Any], _Result]) -> _Result:
        """Make a call and return what it returns.

        Args:
            operation: What is called, in the words of an error text.
            send: Makes the call, with the SDK's client.

        Raises:
            StorageError: There is no answer, or it says no.
        """
        with translate_errors(self._caller.context, operation):
            return call_while_busy(lambda: send(self._get_sdk_client()))

    def try_call(
        self, operation: Operation, send: Callable[[Any], _Result], *tolerated: int
    ) -> _Result | ApiResponse:
        """Make a call like :meth:`call`, and return an answer that says no where it may.

        Args:
            operation: What is called, in the words of an error text.
            send: Makes the call, with the SDK's client.
            tolerated: The statuses that are returned and not raised.
        """

        def send_tolerantly(client: Any) -> _Result | ApiResponse:
            try:
                return send(client)
            except import_sdk().api_errors.GoogleAPICallError as error:
                if error.code not in tolerated:
                    raise
                return parse_response(error.response)

        return self.call(operation, send_tolerantly)

    def _get_sdk_client(self) -> Any:
        if not hasattr(self._of_thread, "client"):
            client = _create_sdk_client(self._caller.credentials)
            self._sdk_clients.append(client)
            self._of_thread.client = client
        return self._of_thread.client


def _create_sdk_client(credentials: Any) -> Any:
    client = import_sdk().storage.Client(
        project=None,
        credentials=credentials,
        client_options={
            "api_endpoint": build_storage_url(),
            "universe_domain": credentials.universe_domain,
        },
        _http=create_authorized_session(credentials),
    )
    # Since 3.17 the client reads the bucket in the background, for traces.
    client._bucket_metadata_cache = None  # noqa: SLF001 - the other switch is the environment
    return client
