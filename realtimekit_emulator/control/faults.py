"""The control handlers of faults."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.control.control_request import ControlRequest
from realtimekit_emulator.errors import NotFoundError


def list_faults(request: ControlRequest) -> Any:
    """List the active faults, with how many requests each affected."""
    return [fault.to_dict() for fault in request.emulator.faults.list_all()]


def add_fault(request: ControlRequest) -> Any:
    """Add a fault."""
    return request.emulator.faults.add(request.body).to_dict()


def get_fault(request: ControlRequest) -> Any:
    """Show one fault."""
    fault = request.emulator.faults.get(int(request.id))
    if fault is None:
        raise _create_not_found_error(request)
    return fault.to_dict()


def remove_fault(request: ControlRequest) -> Any:
    """Remove one fault."""
    if not request.emulator.faults.remove(int(request.id)):
        raise _create_not_found_error(request)
    return {}


def clear_faults(request: ControlRequest) -> Any:
    """Remove every fault."""
    request.emulator.faults.clear()
    return {}


def _create_not_found_error(request: ControlRequest) -> NotFoundError:
    return NotFoundError(f"there is no fault {request.id}")


ROUTES = {
    "GET faults": list_faults,
    "POST faults": add_fault,
    "GET faults/*": get_fault,
    "DELETE faults/*": remove_fault,
    "DELETE faults": clear_faults,
}
