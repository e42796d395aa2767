"""Calls to Google's REST APIs, and their answers."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from realtimekit_provider.storage.backends.endpoints import require_encrypted

__all__ = [
    "ApiCall",
    "ApiResponse",
    "Operation",
    "build_iam_url",
    "build_storage_url",
    "is_busy",
    "parse_response",
]

_BUSY_REASONS = {"rateLimitExceeded", "userRateLimitExceeded", "backendError"}
_TOO_MANY_REQUESTS = 429
_FIRST_SERVER_ERROR = 500


class Operation(NamedTuple):
    """What is called, in the words of an error text.

    Attributes:
        name: The method's name in Google's documentation: ``buckets.get``.
        permission: The permission without which Google refuses it.
    """

    name: str
    permission: str


@dataclass(frozen=True)
class ApiCall:
    """A call, and the words for its error text.

    Attributes:
        method: The HTTP method.
        url: Where it is sent.
        about: The thing that it is about, as an error text begins.
        operation: What is called.
        params: The query.
        body: What is sent as JSON.
        is_repeatable: Whether it may be sent twice.
    """

    method: str
    url: str
    about: str
    operation: Operation
    params: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    is_repeatable: bool = True


class ApiResponse(NamedTuple):
    """What Google answered.

    Attributes:
        status: The HTTP status.
        data: The body; where it is no JSON object, it stands under ``error``.
        headers: The HTTP headers.
    """

    status: int
    data: dict[str, Any]
    headers: Mapping[str, str]

    @property
    def message(self) -> str:
        """Google's own text for what is wrong; empty where there is none."""
        error = self.data.get("error")
        if isinstance(error, dict):
            return str(error.get("message", ""))
        return str(self.data.get("error_description") or error or "")

    @property
    def reasons(self) -> list[str]:
        """Google's own codes for what is wrong."""
        error = self.data.get("error")
        if not isinstance(error, dict):
            return []
        details = [*error.get("errors", []), *error.get("details", [])]
        reasons = (detail.get("reason") for detail in details if isinstance(detail, dict))
        return [str(reason) for reason in reasons if reason]


def parse_response(response: Any) -> ApiResponse:
    """Return what a response of ``requests`` holds."""
    try:
        data = response.json()
    except ValueError:
        data = {"error": response.text}
    body = data if isinstance(data, dict) else {"error": data}
    return ApiResponse(response.status_code, body, response.headers)


def is_busy(response: ApiResponse) -> bool:
    """Whether the same call may succeed a moment later."""
    return (
        response.status == _TOO_MANY_REQUESTS
        or response.status >= _FIRST_SERVER_ERROR
        or not _BUSY_REASONS.isdisjoint(response.reasons)
    )


def build_storage_url() -> str:
    """Return where Cloud Storage is, or the emulator that Google's own clients would use."""
    host = os.environ.get("STORAGE_EMULATOR_HOST") or "https://storage.googleapis.com"
    base = host if "://" in host else f"http://{host}"
    return require_encrypted(base, "STORAGE_EMULATOR_HOST").rstrip("/")


def build_iam_url(path: str) -> str:
    """Return a URL of the IAM API, or of the one that gcloud would use instead."""
    base = os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM") or "https://iam.googleapis.com"
    base = require_encrypted(base, "CLOUDSDK_API_ENDPOINT_OVERRIDES_IAM")
    return f"{base.rstrip('/')}/v1/{path}"
