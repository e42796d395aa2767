"""A stack's preview in recording words: what starts, ends, is opened, closed and rotated; pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from realtimekit_provider.cli.changes.declared import list_own_targets
from realtimekit_provider.cli.changes.effects import (
    COLUMNS,
    Column,
    Effect,
    list_differences,
    phrase_causes,
    quote,
)
from realtimekit_provider.cli.changes.recording_words import describe_recording
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.cli.changes.storage_words import STORAGE_KINDS, describe_storage
from realtimekit_provider.deployment.upload_targets import is_same_target, list_targets

__all__ = ["count_effects", "describe_changes"]

_VERBS = {
    "create": "creates ",
    "update": "updates ",
    "replace": "replaces ",
    "delete": "deletes ",
    "same": "stores ",
}


def describe_changes(preview: StackPreview) -> tuple[Effect, ...]:
    """Return what the changes of a stack come to: losses first, then by column and name."""
    effects = [*_list_effects(preview.changes)]
    order = {column: number for number, column in enumerate(COLUMNS)}
    return tuple(sorted(effects, key=lambda one: (not one.is_loss, order[one.column], one.name)))


def count_effects(effects: Iterable[Effect]) -> Counter[Column]:
    """Return how many effects there are, by column."""
    return Counter(one.column for one in effects)


def _list_effects(changes: Iterable[Change]) -> Iterator[Effect]:
    known = tuple(changes)
    own_targets = list_own_targets(known)
    for change in known:
        if change.kind == "TrackRecording":
            targets = list_targets((change.after or {}).get("layers"))
            makes_key = any(is_same_target(one, other) for one in targets for other in own_targets)
            yield describe_recording(change, makes_key=makes_key)
        elif change.kind not in STORAGE_KINDS:
            yield _describe_other(change)
    yield from describe_storage(one for one in known if one.kind in STORAGE_KINDS)


def _describe_other(change: Change) -> Effect:
    causes = phrase_causes(list_differences(change)) if change.before and change.after else ()
    because = (": ", *causes) if causes else ()
    phrase = (_VERBS[change.operation], quote(change.kind), *because)
    return Effect("other", change.name, phrase)
