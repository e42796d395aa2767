"""Two states with the same names on one account: the second one's operation meets the fault."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from tests.fault_injection.case_runner.case_setup import CaseSetup
from tests.fault_injection.case_runner.storage_setups import KeyRotationCaseSetup
from tests.fault_injection.cases.operations import Operation
from tests.fault_injection.invariants import Violation
from tests.provider_process.stack import RunningDeployment

__all__ = ["SecondOwnerCaseSetup", "SecondOwnerWithKeysCaseSetup"]

_IDENTITY = "5e1d3a7c"
_OF_FIRST = Operation("first owner", {}, {}, calls=0)


@dataclass
class SecondOwnerCaseSetup(CaseSetup):
    """The second of two states whose organization, project, stack and resources have one name.

    The first one has a recording, of the same meeting or of another one, which must stay as it is.
    """

    def __post_init__(self) -> None:
        super().__post_init__()
        self.first = self._make_first()
        if self.operation.other_owner != "elsewhere":
            self.first.emulated_api = self.emulated_api
        self.stack = replace(self.stack, identity=_IDENTITY)

    def _make_first(self) -> CaseSetup:
        return CaseSetup(self.stack, self.control, _OF_FIRST, self.number, self.storage)

    @property
    def foreign_ids(self) -> frozenset[str]:
        return self.first.stored_ids

    def prepare_other_owner(self, run: RunningDeployment) -> None:
        self.first.prepare(run)
        self._plan_of_first = self._plan_first(run)

    def prepare(self, run: RunningDeployment) -> None:
        super().prepare(run)
        if self.operation.other_owner == "uploading":
            for id_ in self.foreign_ids:
                self.control.force(id_, "UPLOADING")

    def check_other_owner(self, run: RunningDeployment) -> Iterator[Violation]:
        """Compare what the first one's own deployment plans with what it planned before."""
        if self.operation.other_owner == "uploading" or self.is_ended_by_fault:
            return
        plan = self._plan_first(run)
        if plan != self._plan_of_first:
            details = f"the other owner plans {plan}, and planned {self._plan_of_first} before"
            yield Violation("foreign_change", details)

    def _plan_first(self, run: RunningDeployment) -> str:
        first = self.first
        assert first.state is not None
        refreshed = run.provider.read(first.state)
        if refreshed is None:
            return "create"
        return run.provider.diff(refreshed, first.check(run, {}, refreshed)).plan


@dataclass
class SecondOwnerWithKeysCaseSetup(SecondOwnerCaseSetup, KeyRotationCaseSetup):
    """The same, where each of the two has a writer of the same name for the same bucket."""

    def _make_first(self) -> KeyRotationCaseSetup:
        return KeyRotationCaseSetup(self.stack, self.control, _OF_FIRST, self.number, self.storage)

    def prepare_other_owner(self, run: RunningDeployment) -> None:
        super().prepare_other_owner(run)
        self._keys_of_first = self._read_keys_of_first()

    def check_other_owner(self, run: RunningDeployment) -> Iterator[Violation]:
        yield from super().check_other_owner(run)
        if self._read_keys_of_first() != self._keys_of_first:
            yield Violation("foreign_change", "the keys of the other owner's writer were changed")

    def _read_keys_of_first(self) -> dict[str, list[str]]:
        assert isinstance(self.first, KeyRotationCaseSetup)
        return self.first.read_keys()
