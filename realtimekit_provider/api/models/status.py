"""The statuses of a recording, and the phases that decisions depend on.

``desired_state`` is what the user wants, ``status`` what the API reports; never one field.
"""

from __future__ import annotations

from enum import Enum
from typing import Literal

__all__ = [
    "FINAL_STATUSES",
    "GONE",
    "NOT_STARTED",
    "NO_SESSION",
    "DesiredState",
    "Phase",
    "apply_drift",
    "get_phase",
]

DesiredState = Literal["RECORDING", "PAUSED", "STOPPED"]
"""What a user can declare of a recording."""

NOT_STARTED = "NOT_STARTED"
"""Ours: nothing was started, because ``desired_state`` was STOPPED from the start."""

NO_SESSION = "NO_SESSION"
"""Ours: nothing was started, as the meeting was empty and ``on_no_session`` is ``skip``."""

GONE = "GONE"
"""Ours: the API no longer knows the recording."""

FINAL_STATUSES = frozenset({"UPLOADED", "ERRORED"})
"""The API's statuses that never change again."""


class Phase(Enum):
    """What a status means for what can be done next."""

    NONE = "none"
    INVOKED = "INVOKED"
    RECORDING = "RECORDING"
    PAUSED = "PAUSED"
    ENDED = "ended"

    @property
    def is_live(self) -> bool:
        """Whether it records, is about to, or is paused and can be resumed."""
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


def get_phase(status: str) -> Phase:
    """Return the phase of ``status``; an unknown one counts as recording."""
    return _PHASES.get(status, Phase.RECORDING)


def apply_drift(desired: DesiredState, status: str) -> DesiredState:
    """Return the ``desired_state`` that a live recording's status corresponds to.

    Where somebody paused or resumed it in the dashboard, this differs from what the stack
    declares, and so the next preview shows the difference. An ended recording is no drift
    of the desired state: ``on_ended`` decides.

    Args:
        desired: What the stack declares; returned where the recording is not live.
        status: What the API reports.
    """
    phase = get_phase(status)
    if not phase.is_live:
        return desired
    return "PAUSED" if phase is Phase.PAUSED else "RECORDING"
