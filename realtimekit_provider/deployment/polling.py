"""The one loop that polls."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from realtimekit_provider.deployment.ports import Clock, Reporter
from realtimekit_provider.deployment.progress import describe_wait
from realtimekit_provider.deployment.timing import Timing

__all__ = ["poll_until"]

_Result = TypeVar("_Result")


class _PollingPorts(Protocol):
    @property
    def reporter(self) -> Reporter: ...
    @property
    def clock(self) -> Clock: ...
    @property
    def timing(self) -> Timing: ...


def poll_until(
    ports: _PollingPorts, reason: str, timeout: float, probe: Callable[[], _Result | None]
) -> _Result | None:
    """Call ``probe`` until it has a result, and report meanwhile what is waited for.

    Args:
        ports: Supplies the clock, the pauses and the reporter.
        reason: Why it waits, the words that matter first: ``nobody is in meeting …``.
        timeout: Seconds until the wait is given up; the last call comes after them.
        probe: Returns ``None`` while there is no result.

    Returns:
        The result, or ``None`` where there was none in time.
    """
    started_at = ports.clock.now()
    pause = ports.timing.poll_interval
    while True:
        result = probe()
        if result is not None:
            return result
        waited = ports.clock.now() - started_at
        if waited >= timeout:
            return None
        ports.reporter.progress(describe_wait(waited, timeout, reason))
        ports.clock.sleep(min(pause, timeout - waited))
        pause = min(pause * 1.5, ports.timing.poll_interval * 3)
