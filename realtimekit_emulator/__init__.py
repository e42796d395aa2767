"""The Cloudflare RealtimeKit recordings API on loopback, for tests and for trying things out."""

from .access import DEFAULT_ACCOUNT, DEFAULT_APP, DEFAULT_TOKEN, Access
from .client import Control, ControlError, FaultHandle
from .options import InvalidOptionError
from .settings import Settings
from .testing import EmulatorServer
from .uploaders import real_uploaders

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
