"""The exit codes of ``realtimekit``, which are Pulumi's."""

from __future__ import annotations

from enum import IntEnum

from realtimekit_provider.errors import (
    RealtimeKitError,
    RecordingError,
    SettingsError,
    StorageError,
    TokenRejectedError,
    WaitTimeoutError,
)

__all__ = ["CommandError", "ExitCode", "get_exit_code"]


class ExitCode(IntEnum):
    """What a pipeline can tell an outcome by; where two hold, an error wins over ``CHANGES``."""

    OK = 0
    ERROR = 1
    CONFIGURATION = 2
    AUTHENTICATION = 3
    RESOURCE = 4
    POLICY = 5
    NO_STACK = 6
    CHANGES = 7
    CANCELLED = 8
    TIMEOUT = 9
    INTERNAL = 255


class CommandError(Exception):
    """A command cannot do what it was asked for.

    Args:
        text: What happened and what to do, for the person who reads the log.
        code: What the process exits with.
    """

    def __init__(self, text: str, code: ExitCode = ExitCode.ERROR) -> None:
        super().__init__(text)
        self.code = code


_CODES: tuple[tuple[type[RealtimeKitError], ExitCode], ...] = (
    (SettingsError, ExitCode.CONFIGURATION),
    (TokenRejectedError, ExitCode.AUTHENTICATION),
    (WaitTimeoutError, ExitCode.TIMEOUT),
    (RecordingError, ExitCode.RESOURCE),
    (StorageError, ExitCode.RESOURCE),
)


def get_exit_code(error: RealtimeKitError | CommandError) -> ExitCode:
    """Return what a command exits with that ``error`` has ended."""
    if isinstance(error, CommandError):
        return error.code
    return next((code for kind, code in _CODES if isinstance(error, kind)), ExitCode.ERROR)
