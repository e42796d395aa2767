"""Runs the workflows that an event starts: jobs in their order, matrices, called workflows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.actions_runner.event import Event
from tests.pipelines.actions_runner.expressions import fill_in
from tests.pipelines.actions_runner.jobs import Action, Job, JobResult
from tools.test_servers.github import ACTIONS, Account, FakeGitHub
from tools.test_servers.github.actions import Deployment, WorkflowRun

__all__ = ["Environment", "WorkflowRunner"]

_PUSHER = Account("anna", 7)


@dataclass(frozen=True)
class Environment:
    """One of the repository's environments."""

    secrets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Call:
    """A workflow that runs.

    Attributes:
        workflows: The folder that called workflows are in.
        event: What started it.
        inputs: What a calling workflow gave it, or who started it by hand.
    """

    workflows: Path
    event: Event
    inputs: Mapping[str, str] = field(default_factory=dict)


class WorkflowRunner:
    """Runs workflows.

    Args:
        folder: Where the jobs' workspaces are made.
        github: GitHub.
        base: The environment variables of every job: those of the runner's machine.
        actions: What stands for published actions, by their names, and for local ones by their
            paths.
        variables: The repository's variables.
        environments: The repository's environments by their names.
    """

    def __init__(
        self,
        folder: Path,
        github: FakeGitHub,
        base: Mapping[str, str],
        actions: Mapping[str, Action],
        *,
        variables: Mapping[str, str],
        environments: Mapping[str, Environment],
    ) -> None:
        self._folder = folder
        self._github = github
        self._base = base
        self._actions = actions
        self._variables = variables
        self._environments = environments
        self._numbers = count(1)

    def run(self, workflows: Path, event: Event) -> list[JobResult]:
        """Run every workflow of a folder that an event starts; return the jobs' results."""
        results: list[JobResult] = []
        for file in sorted(workflows.glob("*.yml")):
            workflow = yaml.safe_load(file.read_text(encoding="utf-8"))
            if event.is_for(file.name) and _is_started(workflow[True], event):
                call = _Call(workflows, event, event.payload.get("inputs", {}))
                found = self._run_workflow(call, workflow)
                self._note_run(file.name, event, found)
                results += found
        return results

    def _note_run(self, file: str, event: Event, results: list[JobResult]) -> None:
        runs = self._github.repository.runs
        branch = event.ref.removeprefix("refs/heads/").removeprefix("refs/tags/")
        jobs = [(one.title, one.conclusion) for one in results]
        runs.append(WorkflowRun(len(runs) + 1, file, event.name, branch, event.commit, jobs))

    def _run_workflow(self, call: _Call, workflow: Mapping[str, Any]) -> list[JobResult]:
        results: list[JobResult] = []
        needs: dict[str, Any] = {}
        for name, job in workflow["jobs"].items():
            found = self._run_job(call, name, job, needs)
            results += found
            needs[name] = {"result": _conclude(found), "outputs": found[-1].outputs}
        return results

    def _run_job(
        self, call: _Call, name: str, job: Mapping[str, Any], done: Mapping[str, Any]
    ) -> list[JobResult]:
        named = job.get("needs", [])
        needs = {one: done[one] for one in ([named] if isinstance(named, str) else named)}
        has_succeeded = all(one["result"] == "success" for one in needs.values())
        contexts = {
            "github": self._describe(call.event),
            "inputs": call.inputs,
            "needs": needs,
            "vars": self._variables,
            "success": lambda: has_succeeded,
            "cancelled": lambda: False,
        }
        condition = str(job.get("if", "success()")).strip()
        condition = condition.removeprefix("${{").removesuffix("}}")
        if "(" not in condition:
            condition = f"success() && ({condition})"
        if not fill_in(f"${{{{ {condition} }}}}", contexts):
            return [JobResult(name, "skipped", title=job.get("name", name))]
        results = []
        for matrix in _expand_matrix(job, contexts):
            own = {**contexts, "matrix": matrix}
            title = str(fill_in(job.get("name", name), own))
            if "uses" in job:
                given = {key: fill_in(str(one), own) for key, one in job["with"].items()}
                file = call.workflows / Path(job["uses"]).name
                called = yaml.safe_load(file.read_text(encoding="utf-8"))
                results += [
                    replace(one, title=f"{title} / {one.title}")
                    for one in self._run_workflow(replace(call, inputs=given), called)
                ]
            else:
                result = self._run_steps(name, job, call.event, own)
                results.append(replace(result, title=title))
        return results

    def _run_steps(
        self, name: str, job: Mapping[str, Any], event: Event, contexts: dict[str, Any]
    ) -> JobResult:
        environment = str(fill_in(job.get("environment", ""), contexts))
        permissions = {key.replace("-", "_"): value for key, value in job["permissions"].items()}
        token = self._github.create_token(ACTIONS, **permissions)
        contexts["github"]["token"] = token
        contexts["secrets"] = {
            **self._environments.get(environment, Environment()).secrets,
            "GITHUB_TOKEN": token,
        }
        folder = self._folder / f"job-{next(self._numbers)}"
        running = Job(
            folder, {**self._base, **self._list_variables(event)}, contexts, self._actions
        )
        running.run_steps(job["steps"], {})
        conclusion = "failure" if running.has_failed else "success"
        if environment:
            self._github.repository.deployments.append(
                Deployment(environment, event.commit, _PUSHER)
            )
        outputs = {
            key: fill_in(str(one), running.contexts) for key, one in job.get("outputs", {}).items()
        }
        label = " ".join([name, *(str(one) for one in contexts["matrix"].values())])
        log = "\n".join(running.log)
        return JobResult(label, conclusion, outputs, log, running.summary, running.commands)

    def _describe(self, event: Event) -> dict[str, Any]:
        return {
            "event": event.payload,
            "event_name": event.name,
            "ref": event.ref,
            "repository": self._github.repository.name,
            "sha": event.commit,
        }

    def _list_variables(self, event: Event) -> Mapping[str, str]:
        file = self._folder / "event.json"
        file.write_text(json.dumps(event.payload), encoding="utf-8")
        return {
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self._github.url,
            "GITHUB_EVENT_NAME": event.name,
            "GITHUB_EVENT_PATH": str(file),
            "GITHUB_REF": event.ref,
            "GITHUB_REPOSITORY": self._github.repository.name,
            "GITHUB_RUN_ID": "4711",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_SHA": event.commit,
        }


def _is_started(triggers: Mapping[str, Any], event: Event) -> bool:
    if event.name not in triggers:
        return False
    settings = triggers[event.name] or {}
    branches = settings.get("branches") if isinstance(settings, Mapping) else None
    return branches is None or event.ref.removeprefix("refs/heads/") in branches


def _expand_matrix(job: Mapping[str, Any], contexts: Mapping[str, Any]) -> list[dict[str, Any]]:
    matrix = job.get("strategy", {}).get("matrix")
    if matrix is None:
        return [{}]
    ((key, values),) = matrix.items()
    return [{key: one} for one in fill_in(values, contexts)]


def _conclude(results: list[JobResult]) -> str:
    conclusions = {one.conclusion for one in results}
    return next((one for one in ("failure", "skipped") if one in conclusions), "success")
