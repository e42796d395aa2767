"""The cases with a second resource beside the recording: a gate, or a writer with its keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from realtimekit_provider.providers import StorageGateProvider, StorageWriterProvider
from tests.fault_injection.case_runner.case_setup import CaseSetup, layers_to
from tests.fault_injection.cases.faults import CANARY
from tests.provider_process.process import State
from tests.provider_process.stack import RunningDeployment
from tests.scenarios.steps import LIVE

__all__ = ["GateCaseSetup", "KeyRotationCaseSetup", "UnreadableKeyCaseSetup"]


@dataclass
class GateCaseSetup(CaseSetup):
    """A recording behind a gate: once the gate is deleted, its credential is no longer valid."""

    gate: State | None = None

    @property
    def states(self) -> list[State]:
        return [*super().states, *([self.gate] if self.gate is not None else [])]

    def prepare(self, run: RunningDeployment) -> None:
        self.storage.valid_passwords.add(self._password)
        gates = run.provider.with_provider(StorageGateProvider())
        inputs, failures = gates.check(
            {
                **self._storage_config,
                "write_test": False,
                "upload_deadline": 1,
                "resource_urn": self.stack.get_urn(f"{self.name}-gate"),
            }
        )
        assert not failures
        self.gate = gates.create(inputs)
        super().prepare(run)
        if self.operation.stopped_earlier:
            super()._delete(run)

    def _delete(self, run: RunningDeployment) -> None:
        super()._delete(run)
        if self.gate is not None:
            run.provider.with_provider(StorageGateProvider()).delete(self.gate)
            self.gate = None
            self.storage.valid_passwords.discard(self._password)

    @property
    def layers(self) -> dict[str, Any]:
        return layers_to(self._storage_config)

    @property
    def _password(self) -> str:
        return f"{CANARY}-password-{self.number}"

    @property
    def _storage_config(self) -> dict[str, Any]:
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
class KeyRotationCaseSetup(CaseSetup):
    """A recording that was started with a key's first generation, and a rotation to the third."""

    writer: State | None = None

    @property
    def states(self) -> list[State]:
        return [*super().states, *([self.writer] if self.writer is not None else [])]

    def prepare(self, run: RunningDeployment) -> None:
        self._rotate(run, 1)
        super().prepare(run)
        self._rotate(run, 2)

    def run_operation(self, run: RunningDeployment) -> None:
        self._rotate(run, 3)

    def deploy_again(self, run: RunningDeployment) -> None:
        """Rotate again, and let the recording store the new key."""
        self._rotate(run, 3)
        super().deploy_again(run)

    def finish(self, run: RunningDeployment) -> None:
        """Stop every recording, whose file must still be uploaded."""
        for one in self.control.recordings():
            if one.status in LIVE:
                self.control.force(one.id, "UPLOADING")

    def read_keys(self) -> dict[str, list[str]]:
        """Return the keys of the writer in IAM, by the names of its users."""
        mark, iam = self.stack.get_mark(f"{self.name}-writer"), self.storage.iam
        names = (one["UserName"] for one in iam.list_users(MaxItems=1000)["Users"])
        return {
            name: [
                one["AccessKeyId"]
                for one in iam.list_access_keys(UserName=name)["AccessKeyMetadata"]
            ]
            for name in names
            if mark in name
        }

    def _rotate(self, run: RunningDeployment, generation: int) -> None:
        writers = run.provider.with_provider(StorageWriterProvider())
        declared = {
            "type": "aws",
            "name": "archive",
            "mark": self.stack.get_mark(f"{self.name}-writer"),
            "bucket": "recordings",
            "prefix": self.name,
            "region": "eu-west-1",
            "key_generation": generation,
            "resource_urn": self.stack.get_urn(f"{self.name}-writer"),
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


@dataclass
class UnreadableKeyCaseSetup(CaseSetup):
    """A recording beside another one, whose storage has a private key that does not load.

    The check refuses the other one; where it did not, the recording would lose its file.
    """

    other: State | None = None

    @property
    def states(self) -> list[State]:
        return [*super().states, *([self.other] if self.other is not None else [])]

    def run_operation(self, run: RunningDeployment) -> None:
        super().run_operation(run)
        self._deploy_other(run)

    def deploy_again(self, run: RunningDeployment) -> None:
        super().deploy_again(run)
        self._deploy_other(run)

    def finish(self, run: RunningDeployment) -> None:
        super().finish(run)
        if self.other is not None:
            run.provider.delete(self.other)

    def _deploy_other(self, run: RunningDeployment) -> None:
        if self.other is not None:
            return
        meeting = self.control.create_meeting(participants=1).id
        storage_config = {
            "type": "sftp",
            "host": "127.0.0.1",
            "port": 22,
            "username": "recorder",
            "path": "/other",
            "auth_method": "KEY",
            "private_key": f"{CANARY}-of-a-key",
        }
        inputs = self.stack.build_inputs(
            f"{self.name}-other", meeting_id=meeting, layers=layers_to(storage_config)
        )
        checked, failures = run.provider.check(inputs)
        if not failures:
            self.other = run.provider.create(checked)
