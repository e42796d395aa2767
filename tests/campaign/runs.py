"""Many runs in one provider process: each remembers nothing of the one before."""

from __future__ import annotations

from typing import Any

from pulumi.dynamic import CreateResult, ResourceProvider

from realtimekit_provider.dynamic.run import Run
from realtimekit_provider.dynamic.speaking import SpeakingProvider

__all__ = ["Anew", "begin_anew_when_told"]


class _Current:
    """The run that is under way, in place of the one that a controller was configured with."""

    def __init__(self) -> None:
        self._run: Run | None = None

    def __get__(self, _controller: object, _owner: type) -> Run | None:
        return self._run

    def __set__(self, _controller: object, run: Run) -> None:
        self._run = self._run or run

    def end(self) -> None:
        """Forget what the run knows, and close its connection."""
        if self._run is None:
            return
        if self._run._connection is not None:
            self._run._connection.transport._session.close()
        self._run = Run(self._run.settings)


_CURRENT = _Current()


class Anew(ResourceProvider):
    """A resource whose creation ends the run that is under way; the next one begins."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        _CURRENT.end()
        return CreateResult("anew", {})


def begin_anew_when_told() -> None:
    """Let all controllers of this process belong to the run that is under way."""
    SpeakingProvider._run = _CURRENT  # type: ignore[assignment]
