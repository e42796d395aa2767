"""Control routes of faults."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from realtimekit_emulator.errors import NotFoundError

if TYPE_CHECKING:
    from realtimekit_emulator.model.state import EmulatorState

    Given = dict[str, Any]
    Params = dict[str, str]


def listing(state: EmulatorState, params: Params, given: Given) -> Any:
    """List the faults that are set, with how often each struck."""
    del params, given
    return [fault.shown() for fault in state.faults.all()]


def add(state: EmulatorState, params: Params, given: Given) -> Any:
    """Set a fault."""
    del params
    return state.faults.add(given).shown()


def get_one(state: EmulatorState, params: Params, given: Given) -> Any:
    """Show one fault."""
    del given
    for fault in state.faults.all():
        if fault.id == int(params["id"]):
            return fault.shown()
    raise _unknown(params)


def remove(state: EmulatorState, params: Params, given: Given) -> Any:
    """Remove one fault."""
    del given
    if not state.faults.remove(int(params["id"])):
        raise _unknown(params)
    return {}


def clear(state: EmulatorState, params: Params, given: Given) -> Any:
    """Remove every fault."""
    del params, given
    state.faults.clear()
    return {}


def _unknown(params: Params) -> NotFoundError:
    return NotFoundError(f"there is no fault {params['id']}")


ROUTES = {
    "GET faults": listing,
    "POST faults": add,
    "GET faults/*": get_one,
    "DELETE faults/*": remove,
    "DELETE faults": clear,
}
