"""Deployments of a stack in the engine's order of calls, each a run of its own in one process."""

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
from tests.provider_process.stack import Stack
from tests.scenarios.steps import TIMING
from tools.test_servers.moto_server import MotoServer

__all__ = ["WRITER", "Deployments", "Program", "Report", "running_deployments"]

WRITER = "writer"
"""The name of the one resource of a program that is no recording."""

Program = Mapping[str, Callable[[], Mapping[str, Any]]]
"""The inputs by name, asked for when it is a resource's turn: they may be another's outputs."""


class RenewableProcess(ProviderProcess):
    """A provider process that can forget a run: the next one knows nothing of it.

    The process keeps a provider by the text that it was made of, and a run by its settings. So
    another text for the same class, and bounds that differ by a nanosecond, are a new run.
    """

    def __init__(
        self, config: Mapping[str, str], environment: Mapping[str, str], engine: str
    ) -> None:
        self._config = dict(config)
        self._runs = 0
        super().__init__(config, environment, engine)
        self.renew()

    def renew(self) -> None:
        """Begin another run."""
        self._runs += 1
        self._pickled = self._of_this_run(TrackRecordingProvider())
        bounds = {**TIMING, "poll_interval": TIMING["poll_interval"] + self._runs * 1e-9}
        config = Struct()
        config.update({**self._config, "realtimekit:timing": json.dumps(bounds)})
        self._ask(self._stub.Configure, provider_pb2.ConfigureRequest(args=config))

    def of(self, provider: ResourceProvider) -> ProviderProcess:
        """Return the same process in this run, for resources of another class."""
        other = super().of(provider)
        other._pickled = self._of_this_run(provider)
        return other

    def _of_this_run(self, provider: ResourceProvider) -> str:
        pickle = base64.b64decode(serialize_provider(provider))
        return base64.b64encode(pickle + str(self._runs).encode()).decode()


@dataclass
class Report:
    """What a deployment did: the plan of each resource, and what failed by resource."""

    plans: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass
class Deployments:
    """A stack with its state: a writer and recordings by name, as the engine leads them.

    ``before_create`` is told the name of each recording that is about to be created.
    """

    stack: Stack
    process: RenewableProcess
    engine: FakeEngine
    state: dict[str, State] = field(default_factory=dict)
    before_create: Callable[[str], None] = lambda _name: None

    @property
    def recordings(self) -> dict[str, State]:
        """What the state holds apart from the writer."""
        return {name: state for name, state in self.state.items() if name != WRITER}

    def refresh(self) -> None:
        """Look at everything anew; what is gone leaves the state."""
        self.process.renew()
        self._refresh()

    def up(
        self,
        program: Program,
        *,
        refresh: bool,
        renames: Mapping[str, str] | None = None,
    ) -> Report:
        """Deploy a program in its order; ``renames`` are its aliases, the old name by the new."""
        self.process.renew()
        if refresh:
            self._refresh()
        for new, old in (renames or {}).items():
            if old in self.state:
                self.state[new] = self.state.pop(old)
        report = Report()
        for name, inputs in program.items():
            self._deploy(name, dict(inputs()), report)
        if not report.failures:
            self._remove(set(self.state) - set(program), report)
        return report

    def preview(self, program: Program) -> dict[str, str]:
        """Return the plan of each resource of a program that is deployed already."""
        self.process.renew()
        return {name: self._plan(name, dict(inputs()))[0] for name, inputs in program.items()}

    def destroy(self) -> Report:
        """Delete everything."""
        self.process.renew()
        report = Report()
        self._remove(set(self.state), report)
        return report

    def _refresh(self) -> None:
        for name, before in list(self.state.items()):
            found = self._process_of(name).read(before)
            if found is None:
                del self.state[name]
            else:
                self.state[name] = found

    def _plan(self, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        old = self.state.get(name)
        process, declared = self._process_of(name), self._declared(name, inputs)
        checked, failures = process.check(declared, old.inputs if old else None)
        assert not failures, failures
        if old is None:
            return "create", checked
        try:
            found: Diff = process.diff(old, checked)
        except OperationError as error:
            return f"refused: {error}", checked
        if found.replaces:
            # A replacement is checked without what there was.
            checked, _ = process.check(declared)
        return found.plan, checked

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
        """Delete recordings before the writer, whose key they are written with."""
        for name in sorted(names, key=lambda one: (one == WRITER, one)):
            report.plans[name] = "delete"
            try:
                self._delete(name)
            except OperationError as error:
                report.failures[name] = str(error)

    def _delete(self, name: str) -> None:
        self._process_of(name).delete(self.state[name])
        del self.state[name]

    def _process_of(self, name: str) -> ProviderProcess:
        return self.process.of(StorageWriterProvider()) if name == WRITER else self.process

    def _declared(self, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        if name != WRITER:
            return self.stack.declared(name, **inputs)
        return {**inputs, "resource_urn": self.stack.urn(name), "mark": self.stack.mark(name)}


@contextmanager
def running_deployments(emulator: EmulatorServer, moto: MotoServer) -> Iterator[Deployments]:
    """Run one provider process for as many deployments as there will be."""
    config = {
        "cloudflare:baseUrl": emulator.base_url,
        "realtimekit:accountId": emulator.account_id,
        "realtimekit:appId": emulator.app_id,
    }
    environment = {"CLOUDFLARE_API_TOKEN": emulator.token, **moto.environment}
    with running_engine() as engine:
        process = RenewableProcess(config, environment, engine.address)
        try:
            yield Deployments(Stack(emulator), process, engine)
        finally:
            process.kill()
