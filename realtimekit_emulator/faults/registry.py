"""The faults that are set, in the order in which they were added."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.faults.behaviors import KINDS
from realtimekit_emulator.faults.trigger import Trigger
from realtimekit_emulator.options import InvalidOptionError, check

if TYPE_CHECKING:
    from collections.abc import Mapping

    from realtimekit_emulator.faults.behavior import FaultBehavior
    from realtimekit_emulator.server.messages import Request

_RULE_FIELDS = fields(Trigger)
_RULE_NAMES = frozenset(one.name for one in _RULE_FIELDS if one.metadata)


@dataclass(frozen=True)
class ActiveFault:
    """One fault that is set."""

    id: int
    name: str
    rule: Trigger
    kind: FaultBehavior
    spec: dict[str, Any]

    def shown(self) -> dict[str, Any]:
        """Return the fault as the control API shows it."""
        counts = {"calls": self.rule.calls, "hits": self.rule.hits}
        return {"id": self.id, "kind": self.name, "spec": self.spec, **counts}


class FaultRegistry:
    """Adds, removes and counts faults, and finds those that strike a call."""

    def __init__(self) -> None:
        self._faults: dict[int, ActiveFault] = {}
        self._next = 1

    def add(self, spec: Mapping[str, Any]) -> ActiveFault:
        """Add a fault from its specification; raises InvalidOptionError."""
        given = dict(spec)
        name = given.pop("kind", None)
        if name not in KINDS:
            message = f"there is no fault {name!r}; faults are: {', '.join(KINDS)}"
            raise InvalidOptionError(message)
        if isinstance(given.get("nth"), int):
            given["nth"] = [given["nth"]]
        rule_values = {key: value for key, value in given.items() if key in _RULE_NAMES}
        kind_values = {key: value for key, value in given.items() if key not in _RULE_NAMES}
        check("a rule", _RULE_FIELDS, rule_values)
        check(f"the fault {name!r}", fields(KINDS[name]), kind_values)
        fault = ActiveFault(
            self._next, name, Trigger(**rule_values), KINDS[name](**kind_values), given
        )
        self._faults[fault.id] = fault
        self._next += 1
        return fault

    def remove(self, fault_id: int) -> bool:
        """Remove a fault; return whether it was there."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Remove every fault."""
        self._faults.clear()

    def all(self) -> list[ActiveFault]:
        """Return the faults that are set."""
        return list(self._faults.values())

    def take_matching(self, call: Request) -> list[ActiveFault]:
        """Return the faults that strike a call, and count it for each."""
        return [fault for fault in self._faults.values() if fault.rule.fires(call)]
