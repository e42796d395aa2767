"""What a preview with a refresh says of drift: pure.

A recording that ended by itself and a room that filled or emptied are no drift: meetings begin and
end. Neither is what only follows from another change, such as a recording's copy of a key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from realtimekit_provider.api.models.status import NOT_STARTED, Phase, get_phase
from realtimekit_provider.cli.changes.declared import list_declared_changes, phrase_declared
from realtimekit_provider.cli.changes.effects import Phrase, quote
from realtimekit_provider.cli.changes.endings import Ending
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview

__all__ = ["Cause", "DriftFinding", "find_drift"]

Cause = Literal["paused", "resumed", "stopped", "gone", "storage", "key", "undeployed"]
"""What happened: ``undeployed`` in what is declared, everything else outside of the stack."""


@dataclass(frozen=True)
class DriftFinding:
    """One thing that is not as it is declared.

    Attributes:
        cause: What happened.
        kind: The type of the resource, such as ``TrackRecording``.
        name: Its name in the program.
        phrase: The sentence, without its subject.
    """

    cause: Cause
    kind: str
    name: str
    phrase: Phrase

    @property
    def is_outside(self) -> bool:
        """Whether somebody changed the thing itself, and not what is declared."""
        return self.cause != "undeployed"


def find_drift(preview: StackPreview) -> tuple[DriftFinding, ...]:
    """Return what is not as declared: what was changed outside of the stack first."""
    declared = list(list_declared_changes(preview))
    known = {change.urn: {str(path[0]) for path in paths} for change, paths in declared}
    outside = (
        *(_describe_ending(one) for one in preview.endings if one.is_stopped_outside),
        *(
            finding
            for change in preview.changes
            for finding in _find_outside(change, known.get(change.urn, frozenset()))
        ),
    )
    undeployed = (
        DriftFinding("undeployed", change.kind, change.name, phrase_declared(change, paths))
        for change, paths in declared
    )
    return (*sorted(outside, key=lambda one: (one.kind, one.name)), *undeployed)


def _describe_ending(ending: Ending) -> DriftFinding:
    phrase: Phrase = ("was stopped outside of this stack: its status is ", quote(ending.status))
    return DriftFinding("stopped", "TrackRecording", ending.name, phrase)


def _find_outside(change: Change, declared: Collection[str]) -> Iterator[DriftFinding]:
    """Yield what was changed outside of the stack, but for inputs that are declared otherwise."""
    if change.is_leftover or change.before is None or change.after is None:
        return
    if change.operation == "create":
        phrase: Phrase = ("was deleted outside of this stack",)
        yield DriftFinding("gone", change.kind, change.name, phrase)
    elif change.kind == "TrackRecording":
        if "desired_state" in change.reasons and "desired_state" not in declared:
            yield from _describe_state(change)
    elif change.kind == "StorageWriter":
        if "in_sync" in change.reasons:
            phrase = ("has a key, a user or rights that were changed outside of this stack",)
            yield DriftFinding("key", change.kind, change.name, phrase)
    elif change.kind == "StorageLocation":
        paths = [one for one in change.reasons if one.split("[")[0].split(".")[0] not in declared]
        if paths:
            changed = ", ".join(paths)
            phrase = ("was changed outside of this stack: ", quote(changed))
            yield DriftFinding("storage", change.kind, change.name, phrase)


def _describe_state(change: Change) -> Iterator[DriftFinding]:
    desired = quote((change.after or {}).get("desired_state"))
    phase = get_phase(change.status or NOT_STARTED)
    if phase is Phase.PAUSED:
        phrase: Phrase = ("was paused outside of this stack, and is declared as ", desired)
        yield DriftFinding("paused", change.kind, change.name, phrase)
    elif phase.is_live:
        phrase = ("was resumed outside of this stack, and is declared as ", desired)
        yield DriftFinding("resumed", change.kind, change.name, phrase)
