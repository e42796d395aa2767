"""Many scenarios as the recordings of one stack: a step of each is one run of the engine.

A run of the engine takes seconds and a scenario has several, so they go in step: all whose next
step is a deployment are deployed together, and so on. Each scenario has an app of its own, by
which its calls are told from those of the others.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi import automation
from pulumi.automation.events import EngineEvent

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.app_control import ControlOfApp
from tests.pulumi_cli.environment import surroundings
from tests.scenarios.steps import (
    TIMING,
    EmulatedApi,
    Scenario,
    Step,
    count_calls_since,
    has_expected_calls,
    resolve_inputs,
    trigger_while_waiting,
)

__all__ = ["Lockstep", "app_of"]

_PROJECT, _STACK = "meetings", "test"
_URN = f"urn:pulumi:{_STACK}::{_PROJECT}::pulumi-python:dynamic/realtimekit:TrackRecording::"
_PROGRAM = """
import json
from pathlib import Path

from realtimekit_provider import TrackRecording

for name, inputs in json.loads(Path("recordings.json").read_text()).items():
    TrackRecording(name, **inputs)
"""
_PLANS = {
    "create": "create",
    "same": "same",
    "update": "update",
    "replace": "replace",
    "create-replacement": "replace",
    "delete-replaced": "replace",
}


def app_of(number: int) -> str:
    """Return the app of a scenario."""
    return f"5ca1ab1e-0000-4000-8000-{number:012d}"


@dataclass
class Actor:
    """A scenario, as one recording of the stack."""

    name: str
    app_id: str
    scenario: Scenario
    emulated_api: EmulatedApi
    position: int = 0
    declared: dict[str, Any] | None = None
    seen: int = 0

    @property
    def urn(self) -> str:
        return _URN + self.name

    @property
    def step(self) -> Step | None:
        steps = self.scenario.steps
        return steps[self.position] if self.position < len(steps) else None

    def prepare(self, step: Step) -> None:
        """Let happen what happens before a step, and declare what it declares."""
        for event in step.before:
            event(self.emulated_api)
        requests = self.emulated_api.control.requests()
        self.seen = max((request.number for request in requests), default=0)
        if step.operation == "destroy":
            self.declared = None
        elif step.operation != "refresh":
            self.declared = {
                "app_id": self.app_id,
                **resolve_inputs(step.inputs, self.emulated_api),
            }


@dataclass
class Report:
    """What a run of the engine said, by URN."""

    plans: dict[str, str] = field(default_factory=dict)
    said: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    errors: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def take(self, event: EngineEvent) -> None:
        if event.resource_pre_event is not None:
            metadata = event.resource_pre_event.metadata
            self.plans.setdefault(metadata.urn, _PLANS.get(metadata.op.value, metadata.op.value))
        if event.diagnostic_event is not None:
            diagnostic = event.diagnostic_event
            heard = self.errors if diagnostic.severity == "error" else self.said
            heard[diagnostic.urn or ""].append(diagnostic.message)


class Lockstep:
    """Leads scenarios through the engine together, and collects what was not as they say."""

    def __init__(
        self, folder: Path, emulator: EmulatorServer, scenarios: Sequence[Scenario]
    ) -> None:
        config, changes = scenarios[0].config, scenarios[0].emulator
        emulator.control.set(**changes)
        self._actors = [
            Actor(f"recording{number}", app_of(number), scenario, _world(emulator, number))
            for number, scenario in enumerate(scenarios)
        ]
        self._folder = folder
        self._stack = _stack(folder, emulator, config)
        self.problems: list[str] = []

    def run(self) -> None:
        """Run every step of every scenario."""
        while any(actor.step for actor in self._actors):
            for kind in ("up", "refused", "preview", "refresh", "destroy"):
                steps = [(actor, actor.step) for actor in self._actors]
                acting = [(actor, step) for actor, step in steps if step and _kind(step) == kind]
                if acting:
                    self._run(kind, acting)

    def _run(self, kind: str, acting: Sequence[tuple[Actor, Step]]) -> None:
        for actor, step in acting:
            actor.prepare(step)
        self._declare()
        report = Report()
        with ExitStack() as meanwhile:
            for actor, step in acting:
                meanwhile.enter_context(
                    trigger_while_waiting(step.while_waiting, actor.emulated_api)
                )
            self._ask_the_engine(kind, [actor.urn for actor, _ in acting], report)
        stored = _statuses(self._stack.export_stack())
        for actor, step in acting:
            where = f"{actor.scenario.name}, step {actor.position + 1}"
            differences = _differences(actor, step, report, stored.get(actor.urn))
            self.problems += [f"{where}: {text}" for text in differences]
            actor.position += 1

    def _ask_the_engine(self, kind: str, targets: list[str], report: Report) -> None:
        try:
            if kind == "preview":
                self._stack.preview(target=targets, on_event=report.take)
            elif kind == "refresh":
                self._stack.refresh(target=targets, on_event=report.take)
            elif kind == "destroy":
                self._stack.destroy(target=targets, on_event=report.take, continue_on_error=True)
            else:
                self._stack.up(target=targets, on_event=report.take, continue_on_error=True)
        except automation.CommandError as error:
            report.errors[""].append(str(error))

    def _declare(self) -> None:
        declared = {actor.name: actor.declared for actor in self._actors if actor.declared}
        (self._folder / "recordings.json").write_text(json.dumps(declared), encoding="utf-8")


def _kind(step: Step) -> str:
    """What the engine is to do; a refusal ends a run for all, so it has one of its own."""
    return "refused" if step.plan == "refused" else step.operation


def _world(emulator: EmulatorServer, number: int) -> EmulatedApi:
    return EmulatedApi.create(ControlOfApp(emulator.control, app_of(number)))


def _stack(
    folder: Path,
    emulator: EmulatorServer,
    config: Mapping[str, str],
) -> automation.Stack:
    environment = surroundings(folder, emulator)
    (folder / "state").mkdir()
    (folder / "__main__.py").write_text(_PROGRAM, encoding="utf-8")
    stack = automation.create_stack(
        _STACK,
        work_dir=str(folder),
        opts=automation.LocalWorkspaceOptions(
            env_vars=environment,
            pulumi_home=environment["PULUMI_HOME"],
            project_settings=automation.ProjectSettings(
                _PROJECT,
                "python",
                backend=automation.ProjectBackend(environment["PULUMI_BACKEND_URL"]),
            ),
        ),
    )
    settings = {
        "realtimekit:accountId": emulator.account_id,
        "realtimekit:timing": json.dumps(dict(TIMING)),
        **config,
    }
    values = {name: automation.ConfigValue(value) for name, value in settings.items()}
    stack.set_all_config(values)
    return stack


def _statuses(deployment: automation.Deployment) -> dict[str, str]:
    resources = (deployment.deployment or {}).get("resources", [])
    recordings = [one for one in resources if one["urn"].startswith(_URN)]
    return {one["urn"]: one["outputs"]["status"] for one in recordings}


def _differences(actor: Actor, step: Step, report: Report, status: str | None) -> Iterator[str]:
    """Yield what was seen otherwise than a step says."""
    plan = report.plans.get(actor.urn) if step.operation in {"up", "preview"} else None
    failure = "\n".join(report.errors[actor.urn])
    if _kind(step) == "refused" and failure:
        plan = "refused"
    if plan != step.plan:
        yield f"the plan is {plan}, not {step.plan} ({report.errors[''][:1]})"
    calls = count_calls_since(actor.emulated_api.control, actor.seen)
    if not has_expected_calls(step.calls, calls):
        yield f"the calls are {dict(calls)}, not {dict(step.calls)}"
    if step.error is None and failure:
        yield f"it failed: {failure}"
    if step.error is not None and step.error not in failure:
        yield f"it did not fail with '{step.error}' but with '{failure}'"
    if step.error is None and step.operation != "preview" and status != step.status:
        yield f"the status is {status}, not {step.status}"
    said = "\n".join(report.said[actor.urn])
    if step.message is not None and step.message not in said:
        yield f"'{step.message}' was not said, but '{said}'"
    if step.live_count is not None and actor.emulated_api.live_count != step.live_count:
        yield f"{actor.emulated_api.live_count} recordings are live, not {step.live_count}"
