"""Many runs in one provider process: each remembers nothing of the one before."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

from realtimekit_provider.engine.controller_base import ControllerBase
from realtimekit_provider.engine.deployment import Deployment

__all__ = ["Anew", "begin_anew_when_told"]


class _Current:
    """The run that is under way, in place of the one that a controller was configured with."""

    def __init__(self) -> None:
        self._deployment: Deployment | None = None

    def __get__(self, _controller: object, _owner: type) -> Deployment | None:
        return self._deployment

    def __set__(self, _controller: object, run: Deployment) -> None:
        self._deployment = self._deployment or run

    def end(self) -> None:
        """Forget what the run knows, and close its connection."""
        if self._deployment is None:
            return
        if self._deployment._session is not None:
            self._deployment._session.transport._session.close()
        self._deployment = Deployment(self._deployment.settings)


_CURRENT = _Current()


class Anew(ResourceProvider):
    """A resource whose creation ends the run that is under way; the next one begins."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        _CURRENT.end()
        return CreateResult("anew", {})


def begin_anew_when_told() -> None:
    """Let all controllers of this process belong to the run that is under way."""
    ControllerBase._deployment = _CURRENT  # type: ignore[assignment]
