"""Every scenario, which tests run at several heights."""

from __future__ import annotations

from tests.scenarios.adopting import ADOPTING
from tests.scenarios.conflict import CONFLICT
from tests.scenarios.deleting import DELETING
from tests.scenarios.drift import DRIFT
from tests.scenarios.ended import ENDED
from tests.scenarios.no_session import NO_SESSION
from tests.scenarios.noted_changes import TAKING_NOTE
from tests.scenarios.pause_resume_stop import LIFE
from tests.scenarios.replacing import REPLACING
from tests.scenarios.steps import Scenario

__all__ = ["SCENARIOS"]

SCENARIOS: tuple[Scenario, ...] = (
    *LIFE,
    *REPLACING,
    *TAKING_NOTE,
    *NO_SESSION,
    *ENDED,
    *CONFLICT,
    *ADOPTING,
    *DELETING,
    *DRIFT,
)
