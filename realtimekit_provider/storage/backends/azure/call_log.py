"""A line in the log for each call of a client of Azure's SDK."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.call_log import CallLog, host_and_path

__all__ = ["create_log_policy"]

_ATTEMPT_KEY = "realtimekit_provider_attempt"


def create_log_policy() -> Any:
    """Return a policy for the end of a client's pipeline, where each attempt passes."""
    from azure.core.pipeline.policies import HTTPPolicy

    class LogPolicy(HTTPPolicy[Any, Any]):
        """Logs an attempt."""

        def send(self, request: Any) -> Any:
            attempt = request.context[_ATTEMPT_KEY] = request.context.get(_ATTEMPT_KEY, 0) + 1
            http = request.http_request
            with CallLog("Azure", http.method, host_and_path(http.url), attempt=attempt) as call:
                response = self.next.send(request)
                call.log_response(
                    response.http_response.status_code, response.http_response.headers
                )
            return response

    return LogPolicy()
