"""The digest of what a preview's stack declares: what a reviewer has seen, and ``up`` compares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from realtimekit_provider.cli.changes.declared import list_declared_changes
from realtimekit_provider.cli.changes.inputs import get_value
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.cli.stack_files.names import parse_stack_name

__all__ = ["combine_digests", "compute_digest"]

_FORM = "realtimekit-declared-1"
_LENGTH = 32


def compute_digest(preview: StackPreview) -> str:
    """Return 32 hexadecimal digits that stand for what the stack declares beyond its state.

    They are made of each resource that is new, gone, or whose inputs differ, with the inputs that
    do. Of a secret only counts that it differs. What a room or a recording's status decides counts
    for nothing: whether a change is an update or a replacement, and what happens to a resource
    that is declared as before. So it is the same with a token and without, with a refresh and
    without.
    """
    entries = (_make_entry(change, paths) for change, paths in list_declared_changes(preview))
    # A stack of Pulumi Cloud may be named with its organization and project, or without.
    return _hash([_FORM, parse_stack_name(preview.stack).short, sorted(entries)])


def combine_digests(digests: Mapping[str, str]) -> str:
    """Return one digest for the digests of several stacks, by their names."""
    named = [(parse_stack_name(stack).short, digest) for stack, digest in digests.items()]
    return _hash([_FORM, sorted(named)])


def _make_entry(change: Change, paths: Sequence[tuple[str | int, ...]]) -> tuple[str, ...]:
    """Return the URN, the class of the operation, and the values of the paths that differ."""
    if change.after is None:
        return (change.urn, "delete", "")
    values = [(path, get_value(change.after, path)) for path in paths]
    return (change.urn, "create" if change.before is None else "change", _to_json(values))


def _hash(content: Any) -> str:
    return hashlib.sha256(_to_json(content).encode()).hexdigest()[:_LENGTH]


def _to_json(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
