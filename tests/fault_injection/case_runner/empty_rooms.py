"""The cases of a meeting that nobody was in when its recording was deployed first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from tests.fault_injection.case_runner.case_setup import CaseSetup
from tests.provider_process.stack import RunningDeployment

__all__ = ["EmptyRoomCaseSetup", "FilledRoomCaseSetup"]


@dataclass
class EmptyRoomCaseSetup(CaseSetup):
    """Nobody is in the meeting."""

    participants: ClassVar[int] = 0


@dataclass
class FilledRoomCaseSetup(EmptyRoomCaseSetup):
    """Somebody has come into the meeting since."""

    def prepare(self, run: RunningDeployment) -> None:
        super().prepare(run)
        self.control.join(self.emulated_api.meeting_id)
