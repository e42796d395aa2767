"""Previews of the real engine, as ``record_events`` wrote them."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from realtimekit_provider.cli.changes.preview import parse_preview
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview

__all__ = ["EVENTS", "find_change", "read_document", "read_preview"]

EVENTS = Path(__file__).parent / "events"


def read_document(name: str) -> dict[str, Any]:
    """Return the keys ``stack``, ``exit_code``, ``errors`` and ``events`` of a recorded preview."""
    document: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return document


@cache
def read_preview(name: str) -> StackPreview:
    """Return what a recorded preview says; it is read once for all tests."""
    document = read_document(name)
    output = "\n".join(map(json.dumps, document["events"]))
    return parse_preview(document["stack"], document["exit_code"], output, document["errors"])


def find_change(preview: StackPreview, name: str) -> Change:
    """Return the one change of the resource with this name."""
    (change,) = (one for one in preview.changes if one.name == name)
    return change
