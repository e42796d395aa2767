"""What can go wrong on purpose: rules that say which calls, and kinds that say how."""

from realtimekit_emulator.faults.behaviors import KINDS
from realtimekit_emulator.faults.registry import ActiveFault, FaultRegistry

__all__ = ["KINDS", "ActiveFault", "FaultRegistry"]
