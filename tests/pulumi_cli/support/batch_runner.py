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
from typing import Any

from realtimekit_emulator import EmulatorServer
from realtimekit_provider.deployment.identity import compute_identity_urn
from tests.pulumi_cli.support.app_control import AppControl
from tests.pulumi_cli.support.project import TYPE, Project
from tests.scenarios.steps import (
    EmulatedApi,
    Scenario,
    Step,
    count_calls_since,
    has_expected_calls,
    resolve_inputs,
    trigger_while_waiting,
)

__all__ = ["BatchRunner", "format_app_id"]

_URN = f"urn:pulumi:test::realtimekit::{TYPE}::"
_IDENTITY = compute_identity_urn(_URN)
_PROGRAM = """
import json
from pathlib import Path

from realtimekit_provider import TrackRecording

for name, inputs in json.loads(Path("recordings.json").read_text()).items():
    TrackRecording(name, **inputs)
"""
_FLAGS = ("--yes", "--skip-preview", "--suppress-progress")
_COMMANDS = {
    "up": ("up", *_FLAGS, "--continue-on-error"),
    "refused": ("up", *_FLAGS, "--continue-on-error"),
    "preview": ("preview", "--suppress-progress"),
    "refresh": ("refresh", *_FLAGS),
    "destroy": ("destroy", *_FLAGS, "--continue-on-error"),
}
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

    def add_event(self, event: Mapping[str, Any]) -> None:
        if "resourcePreEvent" in event:
            metadata = event["resourcePreEvent"]["metadata"]
            operation = metadata["op"]
            self.plans.setdefault(metadata["urn"], _PLANS.get(operation, operation))
        if "diagnosticEvent" in event:
            diagnostic = event["diagnosticEvent"]
            texts = self.errors if diagnostic["severity"] == "error" else self.messages
            texts[diagnostic.get("urn", "")].append(diagnostic["message"])


class BatchRunner:
    """Runs scenarios together, and collects in ``failures`` what differs from their steps."""

    def __init__(self, project: Project, scenarios: Sequence[Scenario]) -> None:
        emulator, config = project.emulator, scenarios[0].config
        emulator.control.set(**scenarios[0].emulator)
        self._runs = [
            ScenarioRun(
                f"recording{number}", format_app_id(number), scenario, _create_api(emulator, number)
            )
            for number, scenario in enumerate(scenarios)
        ]
        self._project = project
        project.write_program(_PROGRAM)
        project.write_config(config)
        project.environment["PULUMI_DEBUG_COMMANDS"] = "true"  # it has --event-log
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
        stored = self._project.read_recordings()
        for run, step in due:
            name = f"{run.scenario.name}, step {run.position + 1}"
            status = stored[run.name]["outputs"]["status"] if run.name in stored else None
            differences = _find_differences(run, step, report, status)
            self.failures += [f"{name}: {text}" for text in differences]
            run.position += 1

    def _run_engine(self, batch: str, targets: list[str], report: Report) -> None:
        command, *flags = _COMMANDS[batch]
        if command in {"up", "preview"}:
            targets = [*targets, _IDENTITY]
        log = self._project.folder / "events.log"
        log.unlink(missing_ok=True)
        targeted = [f"--target={urn}" for urn in targets]
        outcome = self._project.try_run(command, *flags, f"--event-log={log}", *targeted)
        for line in log.read_text(encoding="utf-8").splitlines():
            report.add_event(json.loads(line))
        if outcome.code != 0:
            report.errors[""].append(outcome.output)

    def _declare(self) -> None:
        declared = {run.name: run.declared for run in self._runs if run.declared}
        (self._project.folder / "recordings.json").write_text(
            json.dumps(declared), encoding="utf-8"
        )


def _get_batch(step: Step) -> str:
    """Return the batch of a step; a refusal ends a run for all, so it has a batch of its own."""
    return "refused" if step.plan == "refused" else step.operation


def _create_api(emulator: EmulatorServer, number: int) -> EmulatedApi:
    return EmulatedApi.create(AppControl(emulator.control, format_app_id(number)))


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
