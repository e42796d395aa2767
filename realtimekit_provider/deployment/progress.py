"""What a long operation waits for, told on the row of the resource that it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from realtimekit_provider.deployment.ports import Reporter

__all__ = ["describe_wait", "report_wait", "reporting_progress"]

_REPORTER: ContextVar[Reporter | None] = ContextVar("reporter", default=None)


@contextmanager
def reporting_progress(reporter: Reporter) -> Iterator[None]:
    """Let what this thread waits for inside be told by ``reporter``."""
    token = _REPORTER.set(reporter)
    try:
        yield
    finally:
        _REPORTER.reset(token)


def report_wait(waited: float, timeout: float, reason: str) -> None:
    """Tell what this thread waits for; see :func:`describe_wait` for the arguments."""
    reporter = _REPORTER.get()
    if reporter is not None:
        reporter.progress(describe_wait(waited, timeout, reason))


def describe_wait(waited: float, timeout: float, reason: str) -> str:
    """Return the line of a wait, numbers first, since a terminal cuts the end of a row.

    Args:
        waited: Seconds since the wait began.
        timeout: Seconds after which it is given up.
        reason: Why, without a full stop: ``Google does not know the service account yet``.
    """
    return f"{waited:.0f}/{timeout:.0f} s: {reason}"
