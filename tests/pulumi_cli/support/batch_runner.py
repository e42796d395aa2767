"""Runs many scenarios as the recordings of one stack, a step of each in one run of the engine.

A run of the engine takes seconds and a scenario has several, so they run in batches: all scenarios
whose next step is a deployment are deployed together, and so on. Each scenario has its own app, by
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
from realtimekit_provider.deployment.identity import compute_identity_urn
from tests.pulumi_cli.support.app_control import AppControl
from tests.pulumi_cli.support.environment import build_environment
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

__all__ = ["BatchRunner", "format_app_id"]

_PROJECT, _STACK = "meetings", "test"
_URN = f"urn:pulumi:{_STACK}::{_PROJECT}::pulumi-python:dynamic/realtimekit:TrackRecording::"
_IDENTITY = compute_identity_urn(_URN)
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


def format_app_id(number: int) -> str:
    """Return the app id of the scenario with this number."""
    return f"5ca1ab1e-0000-4000-8000-{number:012d}"


@dataclass
class ScenarioRun:
    """A scenario and how far it has run; it is one recording of the stack."""

    name: str
    app_id: str
    scenario: Scenario
    emulated_api: EmulatedApi
    position: int = 0
    declared: dict[str, Any] | None = None
    last_request: int = 0

    @property
    def urn(self) -> str:
        return _URN + self.name

    @property
    def step(self) -> Step | None:
        steps = self.scenario.steps
        return steps[self.position] if self.position < len(steps) else None

    def prepare(self, step: Step) -> None:
        """Run the events before a step, and store what it declares."""
        for event in step.before:
            event(self.emulated_api)
        requests = self.emulated_api.control.requests()
        self.last_request = max((request.number for request in requests), default=0)
        if step.operation == "destroy":
            self.declared = None
        elif step.operation != "refresh":
            self.declared = {
                "app_id": self.app_id,
                **resolve_inputs(step.inputs, self.emulated_api),
            }


@dataclass
class Report:
    """Plans, messages and errors of one run of the engine, by URN."""

    plans: dict[str, str] = field(default_factory=dict)
    messages: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    errors: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add_event(self, event: EngineEvent) -> None:
        if event.resource_pre_event is not None:
            metadata = event.resource_pre_event.metadata
            self.plans.setdefault(metadata.urn, _PLANS.get(metadata.op.value, metadata.op.value))
        if event.diagnostic_event is not None:
            diagnostic = event.diagnostic_event
            texts = self.errors if diagnostic.severity == "error" else self.messages
            texts[diagnostic.urn or ""].append(diagnostic.message)


class BatchRunner:
    """Runs scenarios together, and collects in ``failures`` what differs from their steps."""

    def __init__(
        self, folder: Path, emulator: EmulatorServer, scenarios: Sequence[Scenario]
    ) -> None:
        config, changes = scenarios[0].config, scenarios[0].emulator
        emulator.control.set(**changes)
        self._runs = [
            ScenarioRun(
                f"recording{number}", format_app_id(number), scenario, _create_api(emulator, number)
            )
            for number, scenario in enumerate(scenarios)
        ]
        self._folder = folder
        self._stack = _create_stack(folder, emulator, config)
        self.failures: list[str] = []

    def run(self) -> None:
        """Run every step of every scenario."""
        while any(run.step for run in self._runs):
            for batch in ("up", "refused", "preview", "refresh", "destroy"):
                steps = [(run, run.step) for run in self._runs]
                due = [(run, step) for run, step in steps if step and _get_batch(step) == batch]
                if due:
                    self._run_batch(batch, due)

    def _run_batch(self, batch: str, due: Sequence[tuple[ScenarioRun, Step]]) -> None:
        for run, step in due:
            run.prepare(step)
        self._declare()
        report = Report()
        with ExitStack() as meanwhile:
            for run, step in due:
                meanwhile.enter_context(trigger_while_waiting(step.while_waiting, run.emulated_api))
            self._run_engine(batch, [run.urn for run, _ in due], report)
        stored = _read_statuses(self._stack.export_stack())
        for run, step in due:
            name = f"{run.scenario.name}, step {run.position + 1}"
            differences = _find_differences(run, step, report, stored.get(run.urn))
            self.failures += [f"{name}: {text}" for text in differences]
            run.position += 1

    def _run_engine(self, batch: str, targets: list[str], report: Report) -> None:
        try:
            if batch == "preview":
                self._stack.preview(target=[*targets, _IDENTITY], on_event=report.add_event)
            elif batch == "refresh":
                self._stack.refresh(target=targets, on_event=report.add_event)
            elif batch == "destroy":
                self._stack.destroy(
                    target=targets, on_event=report.add_event, continue_on_error=True
                )
            else:
                self._stack.up(
                    target=[*targets, _IDENTITY],
                    on_event=report.add_event,
                    continue_on_error=True,
                )
        except automation.CommandError as error:
            report.errors[""].append(str(error))

    def _declare(self) -> None:
        declared = {run.name: run.declared for run in self._runs if run.declared}
        (self._folder / "recordings.json").write_text(json.dumps(declared), encoding="utf-8")


def _get_batch(step: Step) -> str:
    """Return the batch of a step; a refusal ends a run for all, so it has a batch of its own."""
    return "refused" if step.plan == "refused" else step.operation


def _create_api(emulator: EmulatorServer, number: int) -> EmulatedApi:
    return EmulatedApi.create(AppControl(emulator.control, format_app_id(number)))


def _create_stack(
    folder: Path,
    emulator: EmulatorServer,
    config: Mapping[str, str],
) -> automation.Stack:
    environment = build_environment(folder, emulator)
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


def _read_statuses(deployment: automation.Deployment) -> dict[str, str]:
    resources = (deployment.deployment or {}).get("resources", [])
    recordings = [one for one in resources if one["urn"].startswith(_URN)]
    return {one["urn"]: one["outputs"]["status"] for one in recordings}


def _find_differences(
    run: ScenarioRun, step: Step, report: Report, status: str | None
) -> Iterator[str]:
    """Yield each difference between what a step says and what was seen."""
    plan = report.plans.get(run.urn) if step.operation in {"up", "preview"} else None
    failure = "\n".join(report.errors[run.urn])
    if _get_batch(step) == "refused" and failure:
        plan = "refused"
    if plan != step.plan:
        yield f"the plan is {plan}, not {step.plan} ({report.errors[''][:1]})"
    calls = count_calls_since(run.emulated_api.control, run.last_request)
    if not has_expected_calls(step.calls, calls):
        yield f"the calls are {dict(calls)}, not {dict(step.calls)}"
    if step.error is None and failure:
        yield f"it failed: {failure}"
    if step.error is not None and step.error not in failure:
        yield f"it did not fail with '{step.error}' but with '{failure}'"
    if step.error is None and step.operation != "preview" and status != step.status:
        yield f"the status is {status}, not {step.status}"
    messages = "\n".join(report.messages[run.urn])
    if step.message is not None and step.message not in messages:
        yield f"'{step.message}' was not printed, but '{messages}'"
    if step.live_count is not None and run.emulated_api.live_count != step.live_count:
        yield f"{run.emulated_api.live_count} recordings are live, not {step.live_count}"
