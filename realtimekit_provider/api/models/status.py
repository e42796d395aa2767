"""The statuses of a recording, and the phases of its life that decisions depend on.

``desired_state`` is what the user wants, ``status`` what the API said; they are never one field.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

__all__ = [
    "FINAL",
    "GONE",
    "NOT_STARTED",
    "NO_SESSION",
    "DesiredState",
    "Phase",
    "desired_after_drift",
    "phase_of",
]

DesiredState = Literal["RECORDING", "PAUSED", "STOPPED"]

NOT_STARTED = "NOT_STARTED"
"""Ours: nothing was started, because ``desired_state`` was STOPPED from the beginning."""

NO_SESSION = "NO_SESSION"
"""Ours: nothing was started, as nobody was there and ``on_no_session`` is ``skip``."""

GONE = "GONE"
"""Ours: the API no longer knows the recording."""

FINAL = frozenset({"UPLOADED", "ERRORED"})
"""A recording in one of these never changes again."""


class Phase(Enum):
    """What a status means for what can be done next."""

    NONE = "none"
    INVOKED = "INVOKED"
    RECORDING = "RECORDING"
    PAUSED = "PAUSED"
    ENDED = "ended"

    @property
    def is_live(self) -> bool:
        """Whether the meeting is being recorded, or paused and able to go on."""
        return self in {Phase.INVOKED, Phase.RECORDING, Phase.PAUSED}


_PHASES = {
    NOT_STARTED: Phase.NONE,
    NO_SESSION: Phase.NONE,
    "INVOKED": Phase.INVOKED,
    "RECORDING": Phase.RECORDING,
    "PAUSED": Phase.PAUSED,
    "UPLOADING": Phase.ENDED,
    "UPLOADED": Phase.ENDED,
    "ERRORED": Phase.ENDED,
    GONE: Phase.ENDED,
}


def phase_of(status: str) -> Phase:
    """Return the phase of ``status``; one that nobody has heard of counts as recording."""
    return _PHASES.get(status, Phase.RECORDING)


def desired_after_drift(desired: DesiredState, status: str) -> DesiredState:
    """Return the ``desired_state`` that a live recording's status amounts to.

    Where somebody paused or resumed it in the dashboard, this differs from what the stack
    declares, and so the next preview shows the difference. An ended recording is no drift
    of the desired state: ``on_ended`` decides.
    """
    phase = phase_of(status)
    if not phase.is_live:
        return desired
    return "PAUSED" if phase is Phase.PAUSED else "RECORDING"
