"""One emulator: its state, and the faults that tests inject into it."""

from __future__ import annotations

from collections.abc import Mapping

from realtimekit_emulator.faults import FaultRegistry
from realtimekit_emulator.model.access import Access
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.model.state import EmulatorState
from realtimekit_emulator.uploads import Uploader


class Emulator:
    """What a server serves; it shares nothing with another emulator."""

    def __init__(
        self,
        settings: Settings | None = None,
        access: Access | None = None,
        uploaders: Mapping[str, Uploader] | None = None,
    ) -> None:
        self.state = EmulatorState(settings, access, uploaders)
        self.faults = FaultRegistry()

    def reset(self) -> None:
        """Forget everything but the time, and return to the first settings."""
        self.state.reset()
        self.faults.clear()
        self.faults = FaultRegistry()
