"""The Cloudflare RealtimeKit recordings API on loopback, for tests and for trying things out."""

from realtimekit_emulator.control.client import Control, ControlError, FaultHandle
from realtimekit_emulator.model.access import DEFAULT_ACCOUNT, DEFAULT_APP, DEFAULT_TOKEN, Access
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.options import InvalidOptionError
from realtimekit_emulator.testing import EmulatorServer
from realtimekit_emulator.uploads import real_uploaders

__all__ = [
    "DEFAULT_ACCOUNT",
    "DEFAULT_APP",
    "DEFAULT_TOKEN",
    "Access",
    "Control",
    "ControlError",
    "EmulatorServer",
    "FaultHandle",
    "InvalidOptionError",
    "Settings",
    "real_uploaders",
]
