"""How a deployment is stopped, step by step: pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

__all__ = ["GRACE_AFTER_SIGNAL", "GRACE_AFTER_TIMEOUT", "Moment", "Stage", "get_next_stage"]

GRACE_AFTER_TIMEOUT = 120.0
"""Seconds that operations have to finish after ``--soft-timeout``."""

GRACE_AFTER_SIGNAL = 6.0
"""Seconds that operations have to finish after a signal, where there is no terminal.

GitHub sends INT, TERM after 7.5 s and KILL after another 2.5 s; by then everything has ended.
"""

_PROVIDER_GRACE = 0.5
_LAST_GRACE = 1.5


class Stage(IntEnum):
    """How far the stopping of a deployment is.

    The engine cancels at the first signal: it begins no more operations, and waits for those that
    run. It terminates at the second, but still waits for the provider's process (seen with
    3.255.0), which may be in a call that takes a minute. So that process is killed then; the
    engine ends at once, writes down which operations were interrupted, and frees the lock.
    """

    RUNNING = 0
    CANCELLING = 1
    TERMINATING = 2
    PROVIDER_KILLED = 3
    KILLED = 4


@dataclass(frozen=True)
class Moment:
    """What is known when the next stage is decided.

    Attributes:
        stage: The stage that has been reached.
        seconds: How long ago that was.
        signals: How many times this process was told to stop.
        is_late: Whether ``--soft-timeout`` is over.
        has_terminal: Whether a person is there, who can press Ctrl-C again.
    """

    stage: Stage
    seconds: float
    signals: int
    is_late: bool
    has_terminal: bool


def get_next_stage(moment: Moment) -> Stage:
    """Return the stage that a deployment should be in, at most one further."""
    stage, requests = moment.stage, moment.signals + moment.is_late
    if stage is Stage.RUNNING:
        return Stage.CANCELLING if requests else stage
    if stage is Stage.CANCELLING:
        grace = _get_grace(moment)
        is_over = grace is not None and moment.seconds >= grace
        return Stage.TERMINATING if requests > 1 or is_over else stage
    if stage is Stage.TERMINATING:
        return Stage.PROVIDER_KILLED if moment.seconds >= _PROVIDER_GRACE else stage
    return Stage.KILLED if moment.seconds >= _LAST_GRACE else stage


def _get_grace(moment: Moment) -> float | None:
    if not moment.signals:
        return GRACE_AFTER_TIMEOUT
    return None if moment.has_terminal else GRACE_AFTER_SIGNAL
