"""Faults that tests inject: what goes wrong, and for which requests."""

from realtimekit_emulator.faults.behaviors import BEHAVIORS
from realtimekit_emulator.faults.registry import ActiveFault, FaultRegistry

__all__ = ["BEHAVIORS", "ActiveFault", "FaultRegistry"]
