"""One recording that a stack declares, deployed as the engine does it."""

from __future__ import annotations

from dataclasses import dataclass

from tests.provider_process.process import State
from tests.provider_process.stack import ProviderStack, RunningDeployment
from tests.scenarios.steps import EmulatedApi, Step, resolve_inputs

__all__ = ["DeclaredRecording"]


@dataclass
class DeclaredRecording:
    """One recording as the engine treats it: which call follows which."""

    stack: ProviderStack
    emulated_api: EmulatedApi
    state: State | None = None
    plan: str | None = None

    def do(self, deployment: RunningDeployment, step: Step) -> None:
        """Do what a step says; the plan is known also where the operation fails."""
        self.plan = None
        if step.operation == "refresh":
            assert self.state is not None
            self.state = deployment.provider.read(self.state)
        elif step.operation == "destroy":
            assert self.state is not None
            deployment.provider.delete(self.state)
            self.state = None
        else:
            self._deploy(deployment, step)

    def _deploy(self, deployment: RunningDeployment, step: Step) -> None:
        declared = resolve_inputs(step.inputs, self.emulated_api)
        checked = self.stack.check(deployment, olds=self.state, **declared)
        self.plan = "create"
        if self.state is not None:
            self.plan = "refused"
            self.plan = deployment.provider.diff(self.state, checked).plan
        if step.operation == "preview" or self.plan == "same":
            return
        if self.state is not None and self.plan == "replace":
            checked = self.stack.check(deployment, **declared)
            deployment.provider.delete(self.state)
            self.state = None
        if self.state is None:
            self.state = deployment.provider.create(checked)
        else:
            self.state = deployment.provider.update(self.state, checked)
