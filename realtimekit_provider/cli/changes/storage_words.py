"""What happens to a stack's storage, in words: pure. Location, key and gate are told as one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from realtimekit_provider.cli.changes.effects import (
    Effect,
    Phrase,
    list_differences,
    phrase_causes,
    quote,
)
from realtimekit_provider.cli.changes.stack_preview import Change
from realtimekit_provider.redaction import HIDDEN
from realtimekit_provider.storage.location.inputs import get_naming_field
from realtimekit_provider.storage.location.on_delete import is_emptied_on_delete

__all__ = ["STORAGE_KINDS", "describe_storage"]

STORAGE_KINDS = ("StorageLocation", "StorageWriter", "StorageGate")

_SUFFIXES = {"StorageLocation": "-location", "StorageWriter": "-writer", "StorageGate": "-gate"}
_NOUNS = {"azure": "container", "sftp": "folder"}


def describe_storage(changes: Iterable[Change]) -> list[Effect]:
    """Return what happens to each storage, by its name.

    Args:
        changes: The changes of locations, writers and gates.
    """
    storage: defaultdict[str, dict[str, Change]] = defaultdict(dict)
    for change in changes:
        storage[change.name.removesuffix(_SUFFIXES[change.kind])][change.kind] = change
    return [
        effect for name, parts in sorted(storage.items()) for effect in _describe_parts(name, parts)
    ]


def _describe_parts(name: str, parts: Mapping[str, Change]) -> Iterator[Effect]:
    location, writer, gate = (parts.get(kind) for kind in STORAGE_KINDS)
    if location is not None:
        yield _describe_location(name, location)
    if writer is not None and (effect := _describe_writer(name, writer, location)) is not None:
        yield effect
    is_first = location is None and writer is None
    if gate is not None and (is_first or gate.operation in {"update", "same"}):
        effect = _describe_gate(name, gate)
        if effect is not None:
            yield effect


def _describe_location(name: str, change: Change) -> Effect:
    before, after = change.before or {}, change.after or {}
    notes = tuple(one.text for one in change.remarks if one.severity != "error")
    if change.operation == "create":
        return Effect("storage", name, _phrase_opening(after), notes=notes)
    if change.operation == "delete":
        phrase, is_loss = _phrase_closing(before)
        return Effect("storage", name, phrase, is_loss=is_loss, notes=notes)
    if change.operation == "replace":
        closing, is_loss = _phrase_closing(before)
        phrase = (*closing, ", and ", *_phrase_opening(after))
        # The row's own warning says the same.
        return Effect("storage", name, phrase, is_loss=is_loss)
    causes = phrase_causes(list_differences(change))
    if not causes:
        paths = [part for one in change.reasons for part in (", ", quote(one))][1:]
        phrase = ("sets ", *paths, " of ", *_phrase_location(after), " back: changed outside")
    else:
        phrase = ("changes ", *_phrase_location(after), ": ", *causes)
    is_loss = _shortens_retention(change)
    return Effect("storage", name, phrase, is_loss, tuple(_list_later_deletions(change)), notes)


def _describe_writer(name: str, change: Change, location: Change | None) -> Effect | None:
    """Return what happens to the stack's own key; with its location it comes and goes unsaid."""
    before, after = change.before or {}, change.after or {}
    old, new = before.get("key_generation"), after.get("key_generation")
    notes = tuple(one.text for one in change.remarks if one.severity != "error")
    if change.operation in {"create", "delete", "replace"}:
        if location is not None and location.operation == change.operation:
            return None
        verb = {"create": "creates", "delete": "deletes", "replace": "replaces"}[change.operation]
        phrase: Phrase = (f"{verb} the key that writes to ", *_phrase_location(after or before))
        return Effect("keys", name, phrase, notes=notes)
    if old != new:
        generations: Phrase = (" (generation ", quote(old), " to ", quote(new), ")")
        phrase = ("rotates the key that writes to ", *_phrase_location(after), *generations)
        rest = [one for one in list_differences(change) if one[0] != "key_generation"]
        phrase = (*phrase, "; also, ", *phrase_causes(rest)) if rest else phrase
        return Effect("keys", name, phrase, notes=notes)
    if "in_sync" in change.reasons:
        phrase = ("repairs the key that writes to ", *_phrase_location(after), ": changed outside")
        return Effect("keys", name, phrase, notes=notes)
    if "previous_keys" in change.reasons:
        phrase = ("deletes the previous key of ", *_phrase_location(after))
        return Effect("keys", name, phrase, notes=notes)
    causes = phrase_causes(list_differences(change))
    phrase = ("updates the key that writes to ", *_phrase_location(after))
    phrase = (*phrase, ": ", *causes) if causes else phrase
    return Effect("other", name, phrase, notes=notes)


def _describe_gate(name: str, change: Change) -> Effect | None:
    """Return what happens to a credential that the stack is given; its own one is the writer's."""
    before, after = change.before or {}, change.after or {}
    if change.operation in {"create", "delete", "replace"}:
        verb = "waits for the last file to" if change.operation == "delete" else "checks access to"
        return Effect("other", name, (f"{verb} ", *_phrase_location(after or before)))
    differences = list_differences(change)
    if any(new == HIDDEN for _, _, new in differences) and not after.get("created_by_stack"):
        phrase: Phrase = ("takes a new credential for ", *_phrase_location(after))
        return Effect("keys", name, (*phrase, ", and checks it by writing a file"))
    others = [one for one in differences if HIDDEN not in one]
    return Effect("other", name, ("only stores that ", *phrase_causes(others))) if others else None


def _list_later_deletions(change: Change) -> Iterator[Phrase]:
    before, after = change.before or {}, change.after or {}
    if _shortens_retention(change):
        days = after["retention_days"]
        noun = "day" if days == 1 else "days"
        location = _phrase_location(after)
        yield ("files older than ", quote(days), f" {noun} in ", *location, " are deleted")
    policies = [is_emptied_on_delete(str(one.get("on_delete"))) for one in (before, after)]
    if policies == [False, True] and after.get("existing") is not True:
        yield ("a later destroy deletes ", *_phrase_location(after), " with all files in it")


def _shortens_retention(change: Change) -> bool:
    """Whether files are deleted that would have stayed; also where that is not known."""
    old, new = map(_get_retention, (change.before or {}, change.after or {}))
    if new is None or (new == old and "retention_days" not in change.reasons):
        return False
    are_known = isinstance(old, (int, float)) and isinstance(new, (int, float))
    return not are_known or new <= old


def _get_retention(inputs: Mapping[str, Any]) -> Any:
    return None if inputs.get("existing") is True else inputs.get("retention_days")


def _phrase_opening(inputs: Mapping[str, Any]) -> Phrase:
    verb = "uses the existing" if inputs.get("existing") is True else "creates the"
    return (f"{verb} ", *_phrase_location(inputs, article=""))


def _phrase_closing(inputs: Mapping[str, Any]) -> tuple[Phrase, bool]:
    """Return what becomes of a location, and whether files are deleted."""
    location = _phrase_location(inputs)
    if inputs.get("existing") is True:
        return ("leaves ", *location, " as it is: it is not this stack's"), False
    if is_emptied_on_delete(str(inputs.get("on_delete"))):
        return ("deletes ", *location, " with all files in it"), True
    if inputs.get("on_delete") == "fail":
        return ("deletes ", *location, " if it is empty, and fails if not"), False
    return ("deletes ", *location, " if it is empty, and keeps it if not"), False


def _phrase_location(inputs: Mapping[str, Any], article: str = "the ") -> Phrase:
    storage_type = str(inputs.get("type"))
    noun = _NOUNS.get(storage_type, "bucket")
    named = inputs.get(get_naming_field(storage_type)) or inputs.get("bucket") or inputs.get("host")
    region = inputs.get("region")
    where: Phrase = (" in ", quote(region)) if region else ()
    return (article, quote(storage_type), f" {noun} ", quote(named), *where)
