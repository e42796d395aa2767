"""Google's own client of Cloud Storage, as a user's program would use it with a key."""

from __future__ import annotations

import json
from typing import Any

from google.api_core.exceptions import Forbidden
from google.cloud import storage
from google.oauth2 import service_account

__all__ = ["Forbidden", "create_client"]

_SCOPES = ["https://www.googleapis.com/auth/devstorage.read_write"]


def create_client(key: str, project: str) -> Any:
    """Return a client that logs in with a key file's text, and makes no call in the background."""
    credentials: Any = service_account.Credentials
    parsed = credentials.from_service_account_info(json.loads(key), scopes=_SCOPES)
    parsed._is_regional_access_boundary_lookup_required = lambda: False
    return storage.Client(project=project, credentials=parsed)
