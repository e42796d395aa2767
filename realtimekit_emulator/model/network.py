"""What faults may do to the listening socket."""

from __future__ import annotations

from typing import Protocol


class Network(Protocol):
    """The listener to the emulated API."""

    def refuse(self, seconds: float | None) -> None:
        """Refuse connections and cut those that exist, for some real seconds or until told."""

    def listen(self) -> None:
        """Accept connections again."""


class NoNetwork:
    """A state that nobody listens for."""

    def refuse(self, seconds: float | None) -> None:
        """Do nothing."""

    def listen(self) -> None:
        """Do nothing."""
