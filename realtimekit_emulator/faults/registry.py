"""The faults that are active, in the order in which they were added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_emulator.faults.base import FaultBehavior
from realtimekit_emulator.faults.behaviors import BEHAVIORS
from realtimekit_emulator.faults.trigger import Trigger
from realtimekit_emulator.messages import Request
from realtimekit_emulator.options import InvalidOptionError, parse_options


@dataclass(frozen=True)
class ActiveFault:
    """One fault: what goes wrong, and for which requests."""

    id: int
    kind: str
    trigger: Trigger
    behavior: FaultBehavior

    def to_dict(self) -> dict[str, Any]:
        """Return the fault as the control API shows it.

        Keys: id, kind, spec (the options that were given), calls (requests that matched its
        pattern), hits (those that it affected).
        """
        options = (self.trigger, self.behavior)
        spec = {
            key: value
            for one in options
            for key, value in one.model_dump(mode="json", exclude_unset=True).items()
        }
        counts = {"calls": self.trigger.calls, "hits": self.trigger.hits}
        return {"id": self.id, "kind": self.kind, "spec": spec, **counts}


class FaultRegistry:
    """Adds, removes and counts faults, and selects those that a request triggers."""

    def __init__(self) -> None:
        self._faults: dict[int, ActiveFault] = {}
        self._next_id = 1

    def add(self, spec: Mapping[str, Any]) -> ActiveFault:
        """Add a fault from its specification: ``kind``, options of the trigger and of the kind.

        Raises:
            InvalidOptionError: There is no such kind or option, or a value does not fit.
        """
        options = dict(spec)
        kind = options.pop("kind", None)
        if kind not in BEHAVIORS:
            raise InvalidOptionError(f"there is no fault {kind!r}; faults: {', '.join(BEHAVIORS)}")
        trigger_options = {
            name: options.pop(name) for name in Trigger.model_fields if name in options
        }
        trigger = parse_options(Trigger, "a fault", trigger_options)
        behavior = parse_options(BEHAVIORS[kind], f"the fault {kind!r}", options)
        fault = ActiveFault(self._next_id, kind, trigger, behavior)
        self._faults[fault.id] = fault
        self._next_id += 1
        return fault

    def get(self, fault_id: int) -> ActiveFault | None:
        """Return a fault, or None where it is not active."""
        return self._faults.get(fault_id)

    def remove(self, fault_id: int) -> bool:
        """Remove a fault; return whether it was active."""
        fault = self._faults.pop(fault_id, None)
        if fault is not None:
            fault.behavior.release()
        return fault is not None

    def clear(self) -> None:
        """Remove every fault."""
        for fault_id in list(self._faults):
            self.remove(fault_id)

    def list_all(self) -> list[ActiveFault]:
        """Return the active faults."""
        return list(self._faults.values())

    def take_matching(self, request: Request) -> list[ActiveFault]:
        """Return the faults that a request triggers, and count the request for each."""
        return [fault for fault in self._faults.values() if fault.trigger.fires(request)]
