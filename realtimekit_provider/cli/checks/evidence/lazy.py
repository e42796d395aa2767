"""A value that several checks need and that is read once, when the first of them asks for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from realtimekit_provider.cli.exit_codes import CommandError
from realtimekit_provider.errors import RealtimeKitError

__all__ = ["Lazy", "UnavailableError"]

_Value = TypeVar("_Value")


class UnavailableError(Exception):
    """What a check needs is not known, because of what another check reports.

    Attributes:
        check_id: The other check.
    """

    def __init__(self, check_id: str) -> None:
        super().__init__(check_id)
        self.check_id = check_id


class Lazy(Generic[_Value]):
    """A value that is read at most once, whether reading it succeeds or not.

    Args:
        read: Reads it; raises a ``CommandError`` or a ``RealtimeKitError`` where it cannot.
        reported_by: The check that reports such an error.
    """

    def __init__(self, read: Callable[[], _Value], reported_by: str) -> None:
        self._read = read
        self._reported_by = reported_by
        self._value: _Value | None = None
        self._error: Exception | None = None
        self._is_read = False

    def get(self) -> _Value:
        """Return the value, or raise what reading it raised: for the check that reports it."""
        if not self._is_read:
            self._is_read = True
            try:
                self._value = self._read()
            except (CommandError, RealtimeKitError, UnavailableError) as error:
                self._error = error
        if self._error is not None:
            raise self._error
        return self._value  # type: ignore[return-value]  # it was read

    def require(self) -> _Value:
        """Return the value.

        Raises:
            UnavailableError: It could not be read; another check says why.
        """
        try:
            return self.get()
        except (CommandError, RealtimeKitError):
            raise UnavailableError(self._reported_by) from None
