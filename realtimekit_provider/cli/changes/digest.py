"""The digest of what a preview's stack declares: what a reviewer has seen, and ``up`` compares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from realtimekit_provider.cli.changes.inputs import get_value, list_declared_differences
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.upload_targets import Target, extract_target, is_same_target

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
    own_targets = [
        extract_target(one.after)
        for one in preview.changes
        if one.kind == "StorageGate" and one.after is not None and one.after.get("created_by_stack")
    ]
    entries = (entry for one in preview.changes for entry in _list_entries(one, own_targets))
    return _hash([_FORM, preview.stack, sorted(entries)])


def combine_digests(digests: Mapping[str, str]) -> str:
    """Return one digest for the digests of several stacks, by their names."""
    return _hash([_FORM, sorted(digests.items())])


def _list_entries(change: Change, own_targets: Sequence[Target]) -> Iterator[tuple[str, ...]]:
    """Yield the URN, the class of the operation, and the values of the paths that differ."""
    before, after = change.before, change.after
    if change.is_leftover or (before is None and after is None):
        return
    if after is None:
        yield (change.urn, "delete", "")
        return
    differences = list_declared_differences(before or {}, after, frozenset(change.reasons))
    values = [
        (path, get_value(after, path))
        for path in differences
        if not _is_made_key(change, path, own_targets)
    ]
    if before is None or values:
        yield (change.urn, "create" if before is None else "change", _to_json(values))


def _is_made_key(
    change: Change, path: tuple[str | int, ...], own_targets: Sequence[Target]
) -> bool:
    """Whether a credential is one that the stack makes: its generation is what is declared."""
    if change.before is None or path[-1] not in SECRET_KEYS or change.after is None:
        return False
    target = extract_target(get_value(change.after, path[:-1]) or {})
    return any(is_same_target(target, one) for one in own_targets)


def _hash(content: Any) -> str:
    return hashlib.sha256(_to_json(content).encode()).hexdigest()[:_LENGTH]


def _to_json(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
