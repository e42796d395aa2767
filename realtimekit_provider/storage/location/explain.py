"""What a deployment will do to a location that a reviewer must know: pure, no calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.storage.backends.on_delete import must_empty

__all__ = ["explain_deletion"]


def explain_deletion(address: str, before: Mapping[str, Any], found: InputDiff) -> str | None:
    """Return the warning that a replacement deletes files, ``None`` where it deletes none.

    Args:
        address: The location that is replaced, as its user knows it.
        before: Its stored inputs: their ``on_delete`` decides, and not the one declared now.
        found: What changes.
    """
    is_somebody_elses = before.get("existing") is True
    if not found.replaces or is_somebody_elses or not must_empty(str(before.get("on_delete"))):
        return None
    verb = "changes" if len(found.replaces) == 1 else "change"
    return (
        f"deletes {address} with all files in it, because {', '.join(found.replaces)} {verb} and "
        "on_delete is 'force'. To keep the files, first set on_delete to 'keep' in a deployment "
        "of its own"
    )
