"""What faults and the control API may do to the listening socket."""

from __future__ import annotations

from typing import Protocol


class Network(Protocol):
    """The socket that the emulated API listens on."""

    def refuse_connections(self, seconds: float | None) -> None:
        """Refuse and cut connections, for some real seconds or until they are accepted."""

    def accept_connections(self) -> None:
        """Accept connections again."""


class NoNetwork:
    """The network of a state without a server."""

    def refuse_connections(self, seconds: float | None) -> None:
        """Do nothing."""

    def accept_connections(self) -> None:
        """Do nothing."""
