"""How a provider's operation speaks to the person at the terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import grpc
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc

__all__ = ["EngineClient", "ResourceLog"]

_TIMEOUT = 5.0


class EngineClient:
    """The deployment engine that started this provider process.

    Its address is the process's first argument. Without one, as when a test drives the
    provider by itself, nothing is said and the engine counts as present.
    """

    def __init__(self, arguments: Sequence[str] = tuple(sys.argv)) -> None:
        address = arguments[1] if len(arguments) > 1 else ""
        self._stub = (
            engine_pb2_grpc.EngineStub(grpc.insecure_channel(address)) if ":" in address else None
        )

    def log(self, severity: int, text: str, urn: str, *, ephemeral: bool = False) -> bool:
        """Show ``text`` on the row of ``urn``; returns whether the engine took it."""
        if self._stub is None:
            return True
        request = engine_pb2.LogRequest(
            severity=severity,  # type: ignore[arg-type]
            message=text,
            urn=urn,
            streamId=0,
            ephemeral=ephemeral,
        )
        try:
            self._stub.Log(request, timeout=_TIMEOUT)
        except grpc.RpcError:
            return False
        return True


class ResourceLog:
    """Speaks on one resource's row; see :class:`realtimekit_provider.deployment.ports.Reporter`."""

    def __init__(self, engine: EngineClient, urn: str) -> None:
        self._engine = engine
        self._urn = urn

    def progress(self, text: str) -> None:
        """Say what is waited for; replaced by the next text."""
        self._engine.log(engine_pb2.INFO, text, self._urn, ephemeral=True)

    def notice(self, text: str) -> None:
        """Say something that stays on the screen."""
        self._engine.log(engine_pb2.INFO, text, self._urn)

    def warning(self, text: str) -> None:
        """Say something that must not be missed."""
        self._engine.log(engine_pb2.WARNING, text, self._urn)

    def error(self, text: str) -> None:
        """Say why the operation fails, in front of the traceback that the engine prints."""
        self._engine.log(engine_pb2.ERROR, text, self._urn)

    def is_engine_alive(self) -> bool:
        """Whether the engine still answers."""
        return self._engine.log(engine_pb2.DEBUG, "about to start a recording", self._urn)
