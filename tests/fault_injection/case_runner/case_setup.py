"""The resources of a stack in a case, deployed with the calls in the engine's order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from realtimekit_emulator import Control
from tests.fault_injection.case_runner.cloud_storage import CloudStorage
from tests.fault_injection.cases.faults import CANARY
from tests.fault_injection.cases.operations import Operation
from tests.fault_injection.invariants import Expected, Violation
from tests.provider_process.process import State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import LIVE, EmulatedApi, resolve_inputs

__all__ = ["CaseSetup", "layers_to"]

_SECONDS_BEFORE_THE_OPERATION = 60.0
"""By the emulator's clock: recordings that exist already are clearly older than the operation."""


@dataclass
class CaseSetup:
    """One recording, in a meeting of its own.

    Attributes:
        stack: The stack's settings.
        control: The emulator's control client.
        operation: The operation of the case.
        number: The number of the case, from 1.
        storage: Where files are uploaded to.
        state: The state of the recording; ``None`` without one.
        is_ended_by_fault: Whether a fault has ended a recording.
    """

    stack: ProviderStack
    control: Control
    operation: Operation
    number: int
    storage: CloudStorage
    state: State | None = None
    is_ended_by_fault: bool = False
    participants: ClassVar[int] = 1

    def __post_init__(self) -> None:
        self.name = f"case{self.number}"
        meeting = self.control.create_meeting(participants=self.participants).id
        self.emulated_api = EmulatedApi(self.control, meeting, meeting)

    @property
    def stored_ids(self) -> frozenset[str]:
        """The ids of the recordings in the state."""
        return frozenset({self.state.id} if self.state is not None else ())

    @property
    def foreign_ids(self) -> frozenset[str]:
        """The recordings of somebody else that must not be changed."""
        return frozenset({self.emulated_api.foreign_id} if self.operation.is_refused else ())

    @property
    def is_refused(self) -> bool:
        """Whether nothing can be started, because the recording of somebody else lives."""
        return self.operation.is_refused and not self.is_ended_by_fault

    @property
    def states(self) -> list[State]:
        """The state of every resource."""
        return [self.state] if self.state is not None else []

    def prepare_other_owner(self, run: RunningDeployment) -> None:
        """Deploy what another state has on the account."""

    def prepare(self, run: RunningDeployment) -> None:
        """Deploy what exists before the operation, without faults."""
        api = self.emulated_api
        if self.operation.has_foreign_recording:
            type_ = self.operation.foreign_type
            api.foreign_id = self.control.start_recording(api.meeting_id, type=type_)
        if self.operation.before is not None:
            self._deploy(run, self.operation.before)
        for one in self.control.recordings(api.meeting_id):
            if one.status == "INVOKED":
                self.control.wait_for(one.id, "RECORDING")
        self.control.advance(_SECONDS_BEFORE_THE_OPERATION)

    def run_operation(self, run: RunningDeployment) -> None:
        """Run the operation of the case."""
        if self.operation.command == "refresh":
            self._refresh(run)
        else:
            self._deploy(run, self.operation.after)

    def deploy_again(self, run: RunningDeployment) -> None:
        """Deploy once more with a refresh, as a pipeline does.

        A recording to adopt may have ended: then the input is removed, as its error says.
        """
        self._refresh(run)
        inputs = self.operation.after
        if inputs is not None and self.is_ended_by_fault:
            inputs = {key: inputs[key] for key in inputs if key != "adopt_recording_id"}
        self._deploy(run, inputs)

    def expect(self, ended_by_fault: int) -> Expected:
        """Return the expected recordings of the meeting.

        Args:
            ended_by_fault: How many recordings the fault has ended.
        """
        operation = self.operation
        is_free = operation.is_refused and self.is_ended_by_fault
        return Expected(
            "RECORDING" if is_free else operation.wanted_status,
            self.stored_ids,
            operation.most_starts + ended_by_fault,
            self.foreign_ids,
        )

    def finish(self, run: RunningDeployment) -> None:
        """Do what has to follow before lost files can be counted."""
        for id_ in self.foreign_ids:
            if self.control.recording(id_).status in LIVE:
                self.control.force(id_, "UPLOADING")

    def check_other_owner(self, run: RunningDeployment) -> Iterator[Violation]:
        """Yield what has become of what another state has on the account."""
        yield from ()

    def _refresh(self, run: RunningDeployment) -> None:
        if self.state is not None:
            self.state = run.provider.read(self.state)

    def _deploy(self, run: RunningDeployment, inputs: Mapping[str, Any] | None) -> None:
        if inputs is None:
            self._delete(run)
            return
        checked = self.check(run, inputs, self.state)
        if self.state is not None:
            plan = run.provider.diff(self.state, checked).plan
            if plan == "update":
                self.state = run.provider.update(self.state, checked)
            if plan != "replace":
                return
            checked = self.check(run, inputs)
            self._delete(run)
        self.state = run.provider.create(checked)

    def check(
        self, run: RunningDeployment, inputs: Mapping[str, Any], olds: State | None = None
    ) -> dict[str, Any]:
        """Return the recording's inputs with defaults applied; they must be valid."""
        resolved = resolve_inputs({"layers": self.layers, **inputs}, self.emulated_api)
        return self.stack.check(run, self.name, olds, **{"on_ended": "restart", **resolved})

    def _delete(self, run: RunningDeployment) -> None:
        if self.state is not None:
            run.provider.delete(self.state)
            self.state = None

    @property
    def layers(self) -> dict[str, Any]:
        """The layers of the recording: one, which is written to a bucket of the user's own."""
        return layers_to(
            {
                "type": "digitalocean",
                "access_key": f"{CANARY}-key-{self.number}",
                "secret": f"{CANARY}-of-the-storage",
                "bucket": "recordings",
                "region": "fra1",
                "path": self.name,
            }
        )


def layers_to(storage_config: Mapping[str, Any]) -> dict[str, Any]:
    """Return one layer that is written to the storage."""
    output = {"type": "STORAGE_CONFIG", "storage_config": dict(storage_config)}
    return {"default": {"outputs": [output]}}
