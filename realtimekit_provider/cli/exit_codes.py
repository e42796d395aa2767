"""The exit codes of ``realtimekit``, which are Pulumi's."""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from realtimekit_provider.errors import (
    RealtimeKitError,
    RecordingError,
    SettingsError,
    StorageError,
    TokenRejectedError,
    WaitTimeoutError,
)

__all__ = ["CommandError", "ExitCode", "combine_exit_codes", "get_exit_code"]


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


def combine_exit_codes(codes: Iterable[int]) -> int:
    """Return what a command exits with whose stacks have these codes.

    An error wins over :attr:`ExitCode.CHANGES`; errors that differ are ``ERROR``.
    """
    found = set(codes) - {ExitCode.OK}
    errors = found - {ExitCode.CHANGES}
    if len(errors) > 1:
        return ExitCode.ERROR
    return next(iter(errors or found), ExitCode.OK)
