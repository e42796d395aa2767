"""What a stack holds in a case, and how the engine leads it: which call follows which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from realtimekit_emulator import Control
from realtimekit_provider.providers import StorageGateProvider, StorageWriterProvider
from tests.fault_injection.faults import CANARY
from tests.fault_injection.operations import Operation
from tests.provider_process.process import State
from tests.provider_process.stack import Run, Stack
from tests.scenarios.steps import LIVE, EmulatedApi, resolve_inputs

__all__ = ["Cloud", "GateScene", "Scene", "WriterScene"]

Inputs = Mapping[str, Any]

_EARLIER = 60.0
"""Seconds of the emulator's clock between what is there before and the operation."""


@dataclass
class Cloud:
    """The storage side of a lane: which credentials are good, and the keys' administrator."""

    good: set[str] = field(default_factory=set)
    iam: Any = None

    def takes(self, storage: Inputs) -> bool:
        """Whether an upload with this ``storage_config`` is let in."""
        if storage.get("type") == "sftp":
            return storage.get("password") in self.good
        return self.iam is None or self.knows(str(storage.get("access_key")))

    def knows(self, access_key: str) -> bool:
        """Whether an access key exists."""
        try:
            self.iam.get_access_key_last_used(AccessKeyId=access_key)
        except ClientError:
            return False
        return True


@dataclass
class Scene:
    """One recording in a meeting of its own."""

    stack: Stack
    control: Control
    operation: Operation
    number: int
    cloud: Cloud
    state: State | None = None
    ended: bool = False

    def __post_init__(self) -> None:
        self.name = f"case{self.number}"
        meeting = self.control.create_meeting(participants=1).id
        self.emulated_api = EmulatedApi(self.control, meeting, meeting)

    @property
    def known(self) -> set[str]:
        """The recordings that the state knows."""
        return {self.state.id} if self.state is not None else set()

    @property
    def states(self) -> list[State]:
        """Everything that the state holds."""
        return [self.state] if self.state is not None else []

    def prepare(self, run: Run) -> None:
        """Bring about what is there before, without faults, some time ago."""
        if self.operation.foreign:
            self.emulated_api.foreign_id = self.control.start_recording(
                self.emulated_api.meeting_id
            )
        if self.operation.before is not None:
            self._deploy(run, self.operation.before)
        for one in self.control.recordings(self.emulated_api.meeting_id):
            if one.status == "INVOKED":
                self.control.wait_for(one.id, "RECORDING")
        self.control.advance(_EARLIER)

    def act(self, run: Run) -> None:
        """Do what the case is about."""
        if self.operation.does == "refresh":
            self._refresh(run)
        else:
            self._deploy(run, self.operation.after)

    def mend(self, run: Run) -> None:
        """Deploy once more, as a pipeline does: with a refresh.

        What was to be adopted may have ended: then the setting is taken out, as its error says.
        """
        self._refresh(run)
        wanted = self.operation.after
        if wanted is not None and self.ended:
            wanted = {key: wanted[key] for key in wanted if key != "adopt_recording_id"}
        self._deploy(run, wanted)

    def finish(self, run: Run) -> None:
        """Do what must follow before files can be counted."""

    def _refresh(self, run: Run) -> None:
        if self.state is not None:
            self.state = run.provider.read(self.state)

    def _deploy(self, run: Run, inputs: Inputs | None) -> None:
        if inputs is None:
            self._delete(run)
            return
        declared = {
            "on_ended": "restart",
            "layers": self.layers,
            **resolve_inputs_of(inputs, self.emulated_api),
        }
        checked = self.stack.checked(run, self.name, self.state, **declared)
        if self.state is not None:
            plan = run.provider.diff(self.state, checked).plan
            if plan == "update":
                self.state = run.provider.update(self.state, checked)
            if plan != "replace":
                return
            checked = self.stack.checked(run, self.name, **declared)
            self._delete(run)
        self.state = run.provider.create(checked)

    def _delete(self, run: Run) -> None:
        if self.state is not None:
            run.provider.delete(self.state)
            self.state = None

    @property
    def layers(self) -> dict[str, Any]:
        """The layers of the recording: one that goes to a bucket of the user's own."""
        storage = {
            "type": "digitalocean",
            "access_key": f"{CANARY}-key-{self.number}",
            "secret": f"{CANARY}-of-the-storage",
            "bucket": "recordings",
            "region": "fra1",
            "path": self.name,
        }
        return layers_to(storage)


@dataclass
class GateScene(Scene):
    """A recording behind a gate: the credential goes when the gate has closed."""

    gate: State | None = None

    @property
    def states(self) -> list[State]:
        return [*super().states, *([self.gate] if self.gate is not None else [])]

    def prepare(self, run: Run) -> None:
        self.cloud.good.add(self._password)
        gates = run.provider.of(StorageGateProvider())
        inputs, failures = gates.check(
            {
                **self._storage,
                "write_test": False,
                "upload_deadline": 1,
                "resource_urn": self.stack.urn(f"{self.name}-gate"),
            }
        )
        assert not failures
        self.gate = gates.create(inputs)
        super().prepare(run)
        if self.operation.in_another_run:
            super()._delete(run)

    def _delete(self, run: Run) -> None:
        super()._delete(run)
        if self.gate is not None:
            run.provider.of(StorageGateProvider()).delete(self.gate)
            self.gate = None
            self.cloud.good.discard(self._password)

    @property
    def layers(self) -> dict[str, Any]:
        return layers_to(self._storage)

    @property
    def _password(self) -> str:
        return f"{CANARY}-password-{self.number}"

    @property
    def _storage(self) -> dict[str, Any]:
        return {
            "type": "sftp",
            "host": "127.0.0.1",
            "port": 22,
            "username": "recorder",
            "path": f"/{self.name}",
            "auth_method": "PASSWORD",
            "password": self._password,
        }


@dataclass
class WriterScene(Scene):
    """A recording that was started with a key's first generation, and a rotation to the third."""

    writer: State | None = None

    @property
    def states(self) -> list[State]:
        return [*super().states, *([self.writer] if self.writer is not None else [])]

    def prepare(self, run: Run) -> None:
        self._rotate(run, 1)
        super().prepare(run)
        self._rotate(run, 2)

    def act(self, run: Run) -> None:
        self._rotate(run, 3)

    def mend(self, run: Run) -> None:
        """Rotate again, and let the recording take note of it."""
        self._rotate(run, 3)
        super().mend(run)

    def finish(self, run: Run) -> None:
        """Stop the recording, whose file must still land."""
        for one in self.control.recordings(self.emulated_api.meeting_id):
            if one.status in LIVE:
                self.control.force(one.id, "UPLOADING")

    def _rotate(self, run: Run, generation: int) -> None:
        writers = run.provider.of(StorageWriterProvider())
        declared = {
            "type": "aws",
            "name": "archive",
            "mark": self.stack.mark(self.name),
            "bucket": "recordings",
            "prefix": self.name,
            "region": "eu-west-1",
            "key_generation": generation,
            "resource_urn": self.stack.urn(f"{self.name}-writer"),
        }
        olds = self.writer.inputs if self.writer is not None else None
        inputs, failures = writers.check(declared, olds)
        assert not failures
        if self.writer is None:
            self.writer = writers.create(inputs)
        elif writers.diff(self.writer, inputs).changes:
            self.writer = writers.update(self.writer, inputs)

    @property
    def layers(self) -> dict[str, Any]:
        assert self.writer is not None
        credential = {key: self.writer.outputs[key] for key in ("access_key", "secret")}
        return layers_to(
            {
                "type": "aws",
                "bucket": "recordings",
                "region": "eu-west-1",
                "path": self.name,
                **credential,
            }
        )


def layers_to(storage: Inputs) -> dict[str, Any]:
    """Return one layer that is written to ``storage``."""
    return {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": dict(storage)}]}}


def resolve_inputs_of(inputs: Inputs, emulated_api: EmulatedApi) -> dict[str, Any]:
    """Return the inputs with the meeting, and with the ids that only the world knows."""
    complete = resolve_inputs(inputs, emulated_api)
    if "layers" not in inputs:
        del complete["layers"]
    return complete
