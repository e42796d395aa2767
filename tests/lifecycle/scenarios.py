"""Every scenario, which tests run at several heights."""

from __future__ import annotations

from tests.lifecycle.adopting import ADOPTING
from tests.lifecycle.conflict import CONFLICT
from tests.lifecycle.deleting import DELETING
from tests.lifecycle.drift import DRIFT
from tests.lifecycle.ended import ENDED
from tests.lifecycle.life import LIFE
from tests.lifecycle.no_session import NO_SESSION
from tests.lifecycle.replacing import REPLACING
from tests.lifecycle.steps import Scenario
from tests.lifecycle.taking_note import TAKING_NOTE

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
