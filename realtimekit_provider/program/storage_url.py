"""Where files go, as a person reads it: pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["format_storage_url"]


def format_storage_url(storage: Mapping[str, Any]) -> str:
    """Return the address of a folder, such as ``aws://BUCKET/PATH``, without a credential.

    Args:
        storage: The inputs of a storage, or a layer's ``storage_config``.
    """
    path = str(storage.get("path") or storage.get("prefix") or "").strip("/")
    if storage.get("type") == "sftp":
        port = storage.get("port") or 22
        host = str(storage.get("host")).strip("[]")
        host = f"[{host}]" if ":" in host else host
        return f"sftp://{storage.get('username')}@{host}:{port}/{path}"
    return f"{storage.get('type')}://{storage.get('container') or storage.get('bucket')}/{path}"
