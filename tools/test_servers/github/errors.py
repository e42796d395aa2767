"""The error answers of GitHub's API.

Source: *Troubleshooting the REST API* and the errors that its users quote.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["GitHubApiError", "refuse_field"]

_DOCUMENTATION = "https://docs.github.com/rest"


class GitHubApiError(Exception):
    """A request that the API answers with an error."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: tuple[Mapping[str, str], ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})
        self.body: dict[str, Any] = {"message": message}
        if errors:
            self.body["errors"] = [dict(one) for one in errors]
        self.body |= {"documentation_url": _DOCUMENTATION, "status": str(status)}


def refuse_field(resource: str, field: str, code: str, message: str = "") -> GitHubApiError:
    """Return the answer to a body with a wrong field."""
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return GitHubApiError(422, "Validation Failed", errors=(error,))
