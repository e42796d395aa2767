"""Deployments of a stack, with the calls in the engine's order, all in one provider process."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.providers import StorageWriterProvider, TrackRecordingProvider
from tests.provider_process.fake_engine import FakeEngine, running_engine
from tests.provider_process.process import Diff, OperationError, ProviderProcess, State
from tests.provider_process.stack import ProviderStack
from tests.scenarios.steps import TIMING
from tools.test_servers.moto_server import MotoServer

__all__ = ["WRITER", "Deployments", "Program", "Report", "running_deployments"]

WRITER = "writer"
"""The name of the storage writer; all other resources of a program are recordings."""

Program = Mapping[str, Callable[[], Mapping[str, Any]]]
"""A function for the inputs of each resource, by name, in the order of the deployment.

It is called when the resource is deployed, since inputs may be outputs of an earlier one.
"""


class ReusableProcess(ProviderProcess):
    """A provider process for many deployments, none of which remembers an earlier one.

    The SDK caches a provider by its pickled text, and the provider caches a deployment by its
    settings. So another text for the same class, and a poll interval that differs by a
    nanosecond, make a new deployment.
    """

    def __init__(
        self, config: Mapping[str, str], environment: Mapping[str, str], engine: str
    ) -> None:
        self._config = dict(config)
        self._number = 0
        super().__init__(config, environment, engine)
        self.start_deployment()

    def start_deployment(self) -> None:
        """Start another deployment."""
        self._number += 1
        self._pickled = self._pickle_for_deployment(TrackRecordingProvider())
        timing = {**TIMING, "poll_interval": TIMING["poll_interval"] + self._number * 1e-9}
        config = Struct()
        config.update({**self._config, "realtimekit:timing": json.dumps(timing)})
        self._call(self._stub.Configure, provider_pb2.ConfigureRequest(args=config))

    def with_provider(self, provider: ResourceProvider) -> ProviderProcess:
        """Return the same process and deployment, for resources of another class."""
        other = super().with_provider(provider)
        other._pickled = self._pickle_for_deployment(provider)
        return other

    def _pickle_for_deployment(self, provider: ResourceProvider) -> str:
        pickle = base64.b64decode(serialize_provider(provider))
        return base64.b64encode(pickle + str(self._number).encode()).decode()


@dataclass
class Report:
    """The result of a deployment: each resource's plan, and the error of each that failed."""

    plans: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass
class Deployments:
    """A stack with its state, deployed as the engine deploys it.

    Attributes:
        stack: The stack's settings.
        process: The provider process.
        engine: The engine that the process logs to.
        state: The state of each resource by its name.
        before_create: Called with a recording's name before each create.
    """

    stack: ProviderStack
    process: ReusableProcess
    engine: FakeEngine
    state: dict[str, State] = field(default_factory=dict)
    before_create: Callable[[str], None] = lambda _name: None

    @property
    def recordings(self) -> dict[str, State]:
        """The state of the recordings, by name."""
        return {name: state for name, state in self.state.items() if name != WRITER}

    def refresh(self) -> None:
        """Read every resource; one that is gone leaves the state."""
        self.process.start_deployment()
        for name, before in list(self.state.items()):
            after = self._process_of(name).read(before)
            if after is None:
                del self.state[name]
            else:
                self.state[name] = after

    def up(self, program: Program, renames: Mapping[str, str]) -> Report:
        """Deploy a program; ``renames`` are its aliases, the old name by the new one."""
        self.process.start_deployment()
        for new, old in renames.items():
            if old in self.state:
                self.state[new] = self.state.pop(old)
        report = Report()
        for name, inputs in program.items():
            self._deploy(name, dict(inputs()), report)
        if not report.failures:
            self._remove(set(self.state) - set(program), report)
        return report

    def preview(self, program: Program) -> dict[str, str]:
        """Return the plan of each resource, with the outputs of the last deployment."""
        self.process.start_deployment()
        return {name: self._plan(name, dict(inputs()))[0] for name, inputs in program.items()}

    def destroy(self) -> Report:
        """Delete every resource."""
        self.process.start_deployment()
        report = Report()
        self._remove(set(self.state), report)
        return report

    def _plan(self, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        old = self.state.get(name)
        process, declared = self._process_of(name), self._declared_inputs(name, inputs)
        checked, failures = process.check(declared, old.inputs if old else None)
        assert not failures, failures
        if old is None:
            return "create", checked
        try:
            diff: Diff = process.diff(old, checked)
        except OperationError as error:
            return f"refused: {error}", checked
        if diff.replaces:
            # A replacement is checked without the old inputs.
            checked, _ = process.check(declared)
        return diff.plan, checked

    def _deploy(self, name: str, inputs: dict[str, Any], report: Report) -> None:
        plan, checked = self._plan(name, inputs)
        report.plans[name] = plan.partition(":")[0]
        try:
            if plan.startswith("refused"):
                report.failures[name] = plan
            elif plan == "replace":
                self._delete(name)
                self._create(name, checked)
            elif plan == "create":
                self._create(name, checked)
            elif plan == "update":
                self.state[name] = self._process_of(name).update(self.state[name], checked)
            else:
                self.state[name] = replace(self.state[name], inputs=checked)
        except OperationError as error:
            report.failures[name] = str(error)

    def _create(self, name: str, checked: dict[str, Any]) -> None:
        if name != WRITER:
            self.before_create(name)
        self.state[name] = self._process_of(name).create(checked)

    def _remove(self, names: set[str], report: Report) -> None:
        """Delete the recordings before the writer, whose key they use."""
        for name in sorted(names, key=lambda name: (name == WRITER, name)):
            report.plans[name] = "delete"
            try:
                self._delete(name)
            except OperationError as error:
                report.failures[name] = str(error)

    def _delete(self, name: str) -> None:
        self._process_of(name).delete(self.state[name])
        del self.state[name]

    def _process_of(self, name: str) -> ProviderProcess:
        return (
            self.process.with_provider(StorageWriterProvider()) if name == WRITER else self.process
        )

    def _declared_inputs(self, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        if name != WRITER:
            return self.stack.build_inputs(name, **inputs)
        return {
            **inputs,
            "resource_urn": self.stack.get_urn(name),
            "mark": self.stack.get_mark(name),
        }


@contextmanager
def running_deployments(emulator: EmulatorServer, moto: MotoServer) -> Iterator[Deployments]:
    """Run one provider process for all deployments within the block."""
    config = {
        "cloudflare:baseUrl": emulator.base_url,
        "realtimekit:accountId": emulator.account_id,
        "realtimekit:appId": emulator.app_id,
    }
    environment = {"CLOUDFLARE_API_TOKEN": emulator.token, **moto.environment}
    with running_engine() as engine:
        process = ReusableProcess(config, environment, engine.address)
        try:
            yield Deployments(ProviderStack(emulator), process, engine)
        finally:
            process.kill()
