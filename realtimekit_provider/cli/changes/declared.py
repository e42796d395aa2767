"""What a stack declares that is not deployed: pure, whatever rooms and statuses decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from realtimekit_provider.cli.changes.effects import Phrase, phrase_causes
from realtimekit_provider.cli.changes.inputs import get_value, list_declared_differences
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.deployment.upload_targets import Target, extract_target, is_same_target
from realtimekit_provider.schema.input_paths import format_path

__all__ = ["list_declared_changes", "list_own_targets", "phrase_declared"]

_Path = tuple[str | int, ...]


def list_declared_changes(preview: StackPreview) -> Iterator[tuple[Change, tuple[_Path, ...]]]:
    """Yield each resource that is new, gone or declared otherwise, with the paths that differ.

    A key that the stack itself makes is no difference: its generation is what is declared.
    """
    own_targets = list_own_targets(preview.changes)
    for change in preview.changes:
        before, after = change.before, change.after
        if change.is_leftover or (before is None and after is None):
            continue
        differences = list_declared_differences(
            before or {}, after or {}, frozenset(change.reasons)
        )
        paths = tuple(one for one in differences if not _is_made_key(change, one, own_targets))
        if before is None or after is None or paths:
            yield change, () if after is None else paths


def list_own_targets(changes: Iterable[Change]) -> list[Target]:
    """Return where the stack uploads with keys that it makes itself."""
    return [
        extract_target(one.after)
        for one in changes
        if one.kind == "StorageGate" and one.after is not None and one.after.get("created_by_stack")
    ]


def phrase_declared(change: Change, paths: Sequence[_Path]) -> Phrase:
    """Return how a resource is declared otherwise than it was deployed."""
    if change.before is None:
        return ("is new",)
    if change.after is None:
        return ("is no longer declared",)
    differences = [
        (format_path(one), get_value(change.before, one), get_value(change.after, one))
        for one in paths
    ]
    return ("is declared otherwise: ", *phrase_causes(differences))


def _is_made_key(change: Change, path: _Path, own_targets: Sequence[Target]) -> bool:
    if change.before is None or path[-1] not in SECRET_KEYS or change.after is None:
        return False
    target = extract_target(get_value(change.after, path[:-1]) or {})
    return any(is_same_target(target, one) for one in own_targets)
