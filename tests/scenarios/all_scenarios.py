"""Every scenario; tests run them against the provider process and through the engine."""

from __future__ import annotations

from tests.scenarios.adoption import ADOPTION
from tests.scenarios.changes_without_calls import CHANGES_WITHOUT_CALLS
from tests.scenarios.conflict import CONFLICT
from tests.scenarios.deletion import DELETION
from tests.scenarios.drift import DRIFT
from tests.scenarios.ended_recording import ENDED_RECORDING
from tests.scenarios.no_session import NO_SESSION
from tests.scenarios.pause_resume_stop import PAUSE_RESUME_STOP
from tests.scenarios.replacement import REPLACEMENT
from tests.scenarios.steps import Scenario

__all__ = ["SCENARIOS"]

SCENARIOS: tuple[Scenario, ...] = (
    *PAUSE_RESUME_STOP,
    *REPLACEMENT,
    *CHANGES_WITHOUT_CALLS,
    *NO_SESSION,
    *ENDED_RECORDING,
    *CONFLICT,
    *ADOPTION,
    *DELETION,
    *DRIFT,
)
