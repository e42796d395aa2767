"""Deployments of a stack in the engine's order of calls, each a run of its own in one process."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic.dynamic import serialize_provider
from pulumi.runtime.proto import provider_pb2

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.dynamic.track_recording_provider import TrackRecordingProvider
from tests.provider.engine import FakeEngine, running_engine
from tests.provider.process import Diff, OperationError, ProviderProcess, State
from tests.provider.stack import Stack
from tests.scenarios.steps import BOUNDS

__all__ = ["Deployments", "Report", "running_deployments"]

_PICKLE = base64.b64decode(serialize_provider(TrackRecordingProvider()))


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
        self._text = ""
        super().__init__(config, environment, engine)
        self.renew()

    def renew(self) -> None:
        """Begin another run."""
        self._runs += 1
        self._text = base64.b64encode(_PICKLE + str(self._runs).encode()).decode()
        bounds = {**BOUNDS, "poll": BOUNDS["poll"] + self._runs * 1e-9}
        config = Struct()
        config.update({**self._config, "realtimekit:bounds": json.dumps(bounds)})
        self._ask(self._stub.Configure, provider_pb2.ConfigureRequest(args=config))

    def _ask(self, method: Any, request: Any) -> Any:
        for name in ("news", "olds", "properties", "inputs"):
            if name in request.DESCRIPTOR.fields_by_name and request.HasField(name):
                getattr(request, name).update({"__provider": self._text})
        return super()._ask(method, request)


@dataclass
class Report:
    """What a deployment did: the plan of each resource, and what failed by resource."""

    plans: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass
class Deployments:
    """A stack with its state: resources by name, as the engine leads them.

    ``before_create`` is told the name of each resource that is about to be created.
    """

    stack: Stack
    process: RenewableProcess
    engine: FakeEngine
    state: dict[str, State] = field(default_factory=dict)
    before_create: Callable[[str], None] = lambda _name: None

    def refresh(self) -> None:
        """Look at everything anew; what is gone leaves the state."""
        self.process.renew()
        self._refresh()

    def up(
        self,
        program: Mapping[str, Mapping[str, Any]],
        *,
        refresh: bool,
        renames: Mapping[str, str] | None = None,
    ) -> Report:
        """Deploy a program; ``renames`` are its aliases, the old name by the new one."""
        self.process.renew()
        if refresh:
            self._refresh()
        for new, old in (renames or {}).items():
            if old in self.state:
                self.state[new] = self.state.pop(old)
        report = Report()
        for name, inputs in program.items():
            self._deploy(name, dict(inputs), report)
        if not report.failures:
            self._remove(set(self.state) - set(program), report)
        return report

    def preview(self, program: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
        """Return the plan of each resource of a program that is deployed already."""
        self.process.renew()
        return {name: self._plan(name, dict(inputs))[0] for name, inputs in program.items()}

    def destroy(self) -> Report:
        """Delete everything."""
        self.process.renew()
        report = Report()
        self._remove(set(self.state), report)
        return report

    def _refresh(self) -> None:
        for name, before in list(self.state.items()):
            found = self.process.read(before)
            if found is None:
                del self.state[name]
            else:
                self.state[name] = found

    def _plan(self, name: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        old = self.state.get(name)
        declared = self.stack.declared(name, **inputs)
        checked, failures = self.process.check(declared, old.inputs if old else None)
        assert not failures, failures
        if old is None:
            return "create", checked
        try:
            found: Diff = self.process.diff(old, checked)
        except OperationError as error:
            return f"refused: {error}", checked
        if found.replaces:
            # A replacement is checked without what there was.
            checked, _ = self.process.check(declared)
        return found.plan, checked

    def _deploy(self, name: str, inputs: dict[str, Any], report: Report) -> None:
        plan, checked = self._plan(name, inputs)
        report.plans[name] = plan.partition(":")[0]
        try:
            if plan.startswith("refused"):
                report.failures[name] = plan
            elif plan == "replace":
                self.process.delete(self.state[name])
                del self.state[name]
                self._create(name, checked)
            elif plan == "create":
                self._create(name, checked)
            elif plan == "update":
                self.state[name] = self.process.update(self.state[name], checked)
            else:
                self.state[name] = replace(self.state[name], inputs=checked)
        except OperationError as error:
            report.failures[name] = str(error)

    def _create(self, name: str, checked: dict[str, Any]) -> None:
        self.before_create(name)
        self.state[name] = self.process.create(checked)

    def _remove(self, names: set[str], report: Report) -> None:
        for name in sorted(names):
            report.plans[name] = "delete"
            try:
                self.process.delete(self.state[name])
                del self.state[name]
            except OperationError as error:
                report.failures[name] = str(error)


@contextmanager
def running_deployments(emulator: EmulatorServer) -> Iterator[Deployments]:
    """Run one provider process for as many deployments as there will be."""
    config = {
        "cloudflare:baseUrl": emulator.base_url,
        "realtimekit:accountId": emulator.account_id,
        "realtimekit:appId": emulator.app_id,
    }
    environment = {"CLOUDFLARE_API_TOKEN": emulator.token}
    with running_engine() as engine:
        process = RenewableProcess(config, environment, engine.address)
        try:
            yield Deployments(Stack(emulator), process, engine)
        finally:
            process.kill()
