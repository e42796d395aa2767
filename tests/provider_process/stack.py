"""A stack of recordings without an engine: settings, URNs, and the engine's order of calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.deployment.mark import compute_mark
from realtimekit_provider.engine.property_codec import outputs_to_mapping
from tests.provider_process.fake_engine import FakeEngine, running_engine
from tests.provider_process.process import ProviderProcess, State, running_provider
from tests.scenarios.steps import TIMING

__all__ = ["Run", "Stack"]

_TYPE = "pulumi-python:dynamic/realtimekit:TrackRecording"


@dataclass(frozen=True)
class Run:
    """One deployment: a provider process, and the engine that it talks to."""

    provider: ProviderProcess
    engine: FakeEngine


@dataclass
class Stack:
    """A stack's settings, with the emulator as its API.

    ``config`` and ``environment`` are added to what every stack here has; ``None`` takes out.
    """

    emulator: EmulatorServer
    name: str = "dev"
    config: Mapping[str, str | None] = field(default_factory=dict)
    environment: Mapping[str, str | None] = field(default_factory=dict)
    module: str = "pulumi.dynamic"

    @contextmanager
    def run(self) -> Iterator[Run]:
        """Begin a deployment."""
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
                _set(config), _set(environment), engine.address, self.module
            ) as provider,
        ):
            yield Run(provider, engine)

    def urn(self, name: str = "standup") -> str:
        """Return the URN of the recording with this name."""
        return f"urn:pulumi:{self.name}::meetings::{_TYPE}::{name}"

    def mark(self, name: str = "standup") -> str:
        """Return the mark of the recording with this name."""
        return compute_mark("organization", self.urn(name))

    def declared(self, name: str = "standup", **inputs: Any) -> dict[str, Any]:
        """Return inputs as the resource's class hands them to the engine."""
        return {
            **inputs,
            "layers": {
                layer: {**given, "outputs": outputs_to_mapping(given["outputs"])}
                if "outputs" in given
                else given
                for layer, given in inputs.get("layers", {"default": {}}).items()
            },
            "resource_urn": self.urn(name),
            "mark": self.mark(name),
        }

    def checked(
        self, run: Run, name: str = "standup", olds: State | None = None, **inputs: Any
    ) -> dict[str, Any]:
        """Return completed inputs, which must be valid."""
        before = olds.inputs if olds is not None else None
        checked, failures = run.provider.check(self.declared(name, **inputs), before)
        assert not failures
        return checked

    def created(self, run: Run, name: str = "standup", **inputs: Any) -> State:
        """Check and create a recording, as the engine does."""
        return run.provider.create(self.checked(run, name, **inputs))

    def replaced(self, run: Run, old: State, **inputs: Any) -> State:
        """Replace the recording, deleting it first, as the engine does."""
        assert run.provider.diff(old, self.checked(run, olds=old, **inputs)).replaces
        checked = self.checked(run, **inputs)
        run.provider.delete(old)
        return run.provider.create(checked)


def _set(values: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}
