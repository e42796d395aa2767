"""A gate's ports for tests: scripted answers, a clock that never waits, and what was called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.api.models.storage_config import (
    StorageConfig,
)
from realtimekit_provider.deployment.run_registry import RunRegistry
from realtimekit_provider.deployment.timing import Timing
from realtimekit_provider.deployment.upload_targets import extract_target
from realtimekit_provider.storage.gate.drain import drain_uploads
from realtimekit_provider.storage.gate.inputs import (
    GateInputs,
    apply_gate_defaults,
    parse_storage_config,
)
from realtimekit_provider.storage.gate.ports import GatePorts
from realtimekit_provider.storage.gate.verify import verify_write_access
from tests.example_values import ACCOUNT, APP, STORAGE, URN, build_recording
from tests.fakes import FakeClock, FakeRecordings, FakeReporter
from tests.storage.location.location_inputs import HOST_KEY

APPS = [{"account_id": ACCOUNT, "app_id": APP}]
HERE = extract_target(STORAGE["aws"])
ELSEWHERE = {**HERE, "bucket": "acme-archive"}


def gate_inputs(storage_type: str = "aws", **changed: Any) -> dict[str, Any]:
    """Return completed inputs."""
    host_key = HOST_KEY if storage_type == "sftp" else None
    return apply_gate_defaults(
        {**STORAGE[storage_type], "host_key": host_key, "resource_urn": URN, **changed}, APPS
    )


def writing(recording_id: str, status: str, target: Mapping[str, Any] | None = HERE) -> Recording:
    """Return a recording whose storage the API reports, or does not."""
    return build_recording(recording_id, status, storage_config=target)


class FakeGate:
    """A gate's ports, with a script of what each app answers, and of what each check results in."""

    def __init__(
        self, *apps: Mapping[str, Sequence[Any]], results: Sequence[Any] = (None,)
    ) -> None:
        self.clock = FakeClock()
        self.listener = FakeReporter()
        self.registry = RunRegistry()
        self.apis = [FakeRecordings(self.clock, **scripts) for scripts in apps]
        self.checked: list[tuple[StorageConfig, str | None]] = []
        self._results = list(results)
        self.ports = GatePorts(
            recordings=self.apis,
            check_write_access=self._check_write_access,
            reporter=self.listener,
            clock=self.clock,
            registry=self.registry,
            timing=Timing(),
        )

    def _check_write_access(self, config: StorageConfig, host_key: str | None) -> None:
        self.checked.append((config, host_key))
        result = self._results.pop(0) if len(self._results) > 1 else self._results[0]
        if result is not None:
            raise result

    def drain(self, inputs: Mapping[str, Any]) -> None:
        """Wait as the delete of a gate with these inputs does."""
        drain_uploads(extract_target(inputs), GateInputs.from_props(inputs), self.ports)

    def verify(self, inputs: Mapping[str, Any]) -> None:
        """Check as the create of a gate with these inputs does."""
        gate = GateInputs.from_props(inputs)
        verify_write_access(parse_storage_config(inputs), gate, self.ports)

    def register_stopped(self, recording_id: str, target: Mapping[str, Any] = HERE) -> None:
        """Register what the delete of a recording registers in the same run."""
        self.registry.recordings.register_stopped(recording_id)
        self.registry.recordings.register_targets(recording_id, (ACCOUNT, APP), [target])

    @property
    def waited(self) -> float:
        return self.clock.now() - 1000

    @property
    def calls(self) -> list[str]:
        return [call for api in self.apis for call in api.calls]
