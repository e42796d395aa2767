"""The engine's events of a preview, and what they say of each resource: pure."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from realtimekit_provider.cli.changes.inputs import (
    list_declared_differences,
    parse_declared_inputs,
)
from realtimekit_provider.cli.changes.stack_preview import Change, Message, Operation
from realtimekit_provider.schema.urn import TYPES, parse_name

__all__ = ["parse_changes", "parse_events"]

_OPERATIONS: Mapping[str, Operation] = {
    "replace": "replace",
    "create": "create",
    "import": "create",
    "create-replacement": "replace",
    "import-replacement": "replace",
    "update": "update",
    "same": "same",
    "delete": "delete",
    "discard": "delete",
    "remove-pending-replace": "delete",
}
"""What each step of the engine means; where there are several, the first one here holds."""

_REFRESH = "refresh"
_PROVIDER = "pulumi:providers:"
_NOT_DECLARED = ("pulumi:pulumi:Stack", f"{TYPES}:StackIdentity")
_DEFAULT_PROVIDER = re.compile(r"default(_\d\w*)?")
"""The name of a provider that the engine adds for a package, with or without its version."""


def parse_events(text: str) -> list[dict[str, Any]]:
    """Return the events that are printed a line each; other lines are passed over."""
    return [event for line in text.splitlines() if (event := _parse_line(line)) is not None]


def parse_changes(
    events: Sequence[Mapping[str, Any]], messages: Sequence[Message]
) -> tuple[Change, ...]:
    """Return what happens to each resource that a program declares, by URN.

    A resource to which nothing happens is left out unless its inputs differ.
    """
    remarks: defaultdict[str, list[Message]] = defaultdict(list)
    for message in messages:
        remarks[message.urn].append(message)
    steps: defaultdict[tuple[str, bool], list[Mapping[str, Any]]] = defaultdict(list)
    for event in events:
        step = event.get("resourcePreEvent", {}).get("metadata")
        if step is not None and _is_declared(step):
            steps[str(step["urn"]), bool((step.get("old") or {}).get("delete"))].append(step)
    found = (
        _parse_change(urn, given, tuple(remarks[urn]), is_leftover=is_leftover)
        for (urn, is_leftover), given in sorted(steps.items())
    )
    return tuple(change for change in found if change is not None)


def _is_declared(step: Mapping[str, Any]) -> bool:
    """Whether a program declares the resource: components are declared by what is in them."""
    is_custom = any((step.get(state) or {}).get("custom") for state in ("old", "new"))
    kind = str(step["type"])
    is_default = kind.startswith(_PROVIDER) and _DEFAULT_PROVIDER.fullmatch(parse_name(step["urn"]))
    return is_custom and not is_default and not kind.startswith(_NOT_DECLARED)


def _parse_line(line: str) -> dict[str, Any] | None:
    try:
        event = json.loads(line) if line.startswith("{") else None
    except ValueError:
        return None
    return event if isinstance(event, dict) and "sequence" in event else None


def _parse_change(
    urn: str, steps: Sequence[Mapping[str, Any]], remarks: tuple[Message, ...], *, is_leftover: bool
) -> Change | None:
    refreshed = next((one for one in steps if one["op"] == _REFRESH), None)
    planned = [one for one in steps if one["op"] in _OPERATIONS]
    order = list(_OPERATIONS)
    step = min(planned, key=lambda one: order.index(one["op"]), default=None)
    # What a refresh found gone is declared all the same: it stands in the state until then.
    old = (refreshed or step or {}).get("old") or (step or {}).get("old")
    before = None if old is None else parse_declared_inputs(old.get("inputs") or {})
    if step is None:
        return None if refreshed is None else _describe_gone(urn, refreshed, before)
    operation = _OPERATIONS[step["op"]]
    new = step.get("new") if operation != "delete" else None
    after = None if new is None else parse_declared_inputs(new.get("inputs") or {})
    reasons = tuple(step.get("detailedDiff") or step.get("diffs") or ())
    if operation == "same" and not _differ(before, after):
        return None
    return Change(
        urn=urn,
        kind=_get_kind(str(step["type"])),
        name=parse_name(urn),
        operation=operation,
        reasons=reasons,
        before=before,
        after=after,
        status=_get_status(step.get("old")),
        remarks=remarks,
        is_leftover=is_leftover,
    )


def _describe_gone(
    urn: str, refreshed: Mapping[str, Any], before: Mapping[str, Any] | None
) -> Change:
    """Return the change of what is declared no more, and was found gone by the refresh."""
    kind = _get_kind(str(refreshed["type"]))
    return Change(urn, kind, parse_name(urn), "delete", before=before)


def _differ(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> bool:
    return bool(list_declared_differences(before or {}, after or {}, frozenset()))


def _get_kind(type_: str) -> str:
    return type_.removeprefix(f"{TYPES}:")


def _get_status(old: Mapping[str, Any] | None) -> str | None:
    status = ((old or {}).get("outputs") or {}).get("status")
    return status if isinstance(status, str) else None
