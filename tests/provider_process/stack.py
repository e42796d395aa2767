"""A stack of recordings without an engine: settings, URNs, and the engine's order of calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.engine.property_codec import outputs_to_mapping
from tests.provider_process.fake_engine import FakeEngine, running_engine
from tests.provider_process.fork_server.client import LIBRARIES
from tests.provider_process.process import ProviderProcess, State, running_provider
from tests.scenarios.steps import TIMING

__all__ = ["ProviderStack", "RunningDeployment"]

_TYPE = "pulumi-python:dynamic/realtimekit:TrackRecording"


@dataclass(frozen=True)
class RunningDeployment:
    """A provider process, and the engine that it talks to."""

    provider: ProviderProcess
    engine: FakeEngine


@dataclass
class ProviderStack:
    """A stack's settings, with the emulator as its API.

    ``config`` and ``environment`` are added to what every stack here has; ``None`` removes a key.
    """

    emulator: EmulatorServer
    name: str = "dev"
    project: str = "meetings"
    config: Mapping[str, str | None] = field(default_factory=dict)
    environment: Mapping[str, str | None] = field(default_factory=dict)
    module: str = "pulumi.dynamic"
    packages: Sequence[str] = LIBRARIES
    identity: str = "1d3a7c5e"
    make_mark: Callable[[str, str], str] = compute_mark

    @contextmanager
    def deploy(self) -> Iterator[RunningDeployment]:
        """Run a deployment for the length of the block."""
        config = {
            "cloudflare:baseUrl": self.emulator.base_url,
            "realtimekit:accountId": self.emulator.account_id,
            "realtimekit:appId": self.emulator.app_id,
            "realtimekit:timing": json.dumps(dict(TIMING)),
            **self.config,
        }
        environment = {"CLOUDFLARE_API_TOKEN": self.emulator.token, **self.environment}
        with (
            running_engine() as engine,
            running_provider(
                _drop_unset(config),
                _drop_unset(environment),
                engine.address,
                self.module,
                self.packages,
            ) as provider,
        ):
            yield RunningDeployment(provider, engine)

    def get_urn(self, name: str = "standup") -> str:
        """Return the URN of the recording with this name."""
        return f"urn:pulumi:{self.name}::{self.project}::{_TYPE}::{name}"

    def get_mark(self, name: str = "standup") -> str:
        """Return the mark of the recording with this name."""
        return self.make_mark(self.identity, self.get_urn(name))

    def build_inputs(self, name: str = "standup", **inputs: Any) -> dict[str, Any]:
        """Return inputs as the resource's class passes them to the engine."""
        layers = inputs.get("layers", {"default": {}})
        return {
            **inputs,
            "layers": {key: _with_outputs_by_position(layer) for key, layer in layers.items()},
            "resource_urn": self.get_urn(name),
            "mark": self.get_mark(name),
        }

    def check(
        self,
        deployment: RunningDeployment,
        name: str = "standup",
        olds: State | None = None,
        **inputs: Any,
    ) -> dict[str, Any]:
        """Return the inputs with defaults applied; they must be valid."""
        before = olds.inputs if olds is not None else None
        checked, failures = deployment.provider.check(self.build_inputs(name, **inputs), before)
        assert not failures
        return checked

    def create(self, deployment: RunningDeployment, name: str = "standup", **inputs: Any) -> State:
        """Check and create a recording, as the engine does."""
        return deployment.provider.create(self.check(deployment, name, **inputs))

    def replace(self, deployment: RunningDeployment, old: State, **inputs: Any) -> State:
        """Replace the recording, deleting it first, as the engine does."""
        changed = self.check(deployment, olds=old, **inputs)
        assert deployment.provider.diff(old, changed).replaces
        checked = self.check(deployment, **inputs)
        deployment.provider.delete(old)
        return deployment.provider.create(checked)


def _with_outputs_by_position(layer: Any) -> Any:
    if "outputs" not in layer:
        return layer
    return {**layer, "outputs": outputs_to_mapping(layer["outputs"])}


def _drop_unset(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
