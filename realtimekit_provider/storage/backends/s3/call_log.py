"""A line in the log for each call of a client of boto3."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.call_log import CallLog, host_and_path

__all__ = ["log_calls"]

_KEY = "realtimekit_provider_call_log"


def log_calls(client: Any, service: str) -> None:
    """Log each attempt of each call of ``client`` from now on.

    Args:
        client: A client of boto3.
        service: The name that the lines begin with: ``S3``.
    """

    def begin(request: Any, **_: object) -> None:
        attempt = request.context.get("retries", {}).get("attempt", 1)
        call = CallLog(service, request.method, host_and_path(request.url), attempt=attempt)
        request.context[_KEY] = call

    def end(
        context: dict[str, Any], response_dict: Any, exception: BaseException | None, **_: object
    ) -> None:
        call = context.pop(_KEY, None)
        if call is None:
            return
        if response_dict is not None:
            call.log_response(response_dict["status_code"], response_dict["headers"])
        elif exception is not None:
            call.log_error(exception)

    # The last one, so that the request has been signed, and its host is the one that is called.
    client.meta.events.register_last("request-created", begin)
    client.meta.events.register("response-received", end)
