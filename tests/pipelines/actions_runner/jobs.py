"""Runs one job: its steps, in a workspace of its own, and what they leave."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.pipelines.actions_runner.expressions import fill_in
from tests.pipelines.actions_runner.job_files import JobFiles
from tests.pipelines.actions_runner.workflow_commands import find_commands

__all__ = ["Job", "JobResult"]

_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
_TIMEOUT = 300

Action = Callable[["Job", Mapping[str, str]], None]
"""What stands for a published action: it gets the job and the step's ``with``."""


@dataclass
class JobResult:
    """A job that ended.

    Attributes:
        name: The job's key, with its matrix' value.
        conclusion: ``success``, ``failure`` or ``skipped``.
        outputs: Its outputs.
        log: What its steps printed.
        summary: Its summary.
        commands: The name and the data of each command to the runner that its steps printed.
        title: What GitHub calls it.
    """

    name: str
    conclusion: str
    outputs: Mapping[str, Any] = field(default_factory=dict)
    log: str = ""
    summary: str = ""
    commands: list[tuple[str, str]] = field(default_factory=list)
    title: str = ""


class Job:
    """A job that runs.

    Attributes:
        workspace: Where its steps run.
        environment: The environment of its steps.
        contexts: The contexts of its expressions.
        log: What its steps printed.
        commands: The commands to the runner among it.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        contexts: Mapping[str, Any],
        actions: Mapping[str, Action],
    ) -> None:
        self.workspace = folder / "workspace"
        self.workspace.mkdir(parents=True)
        self._folder = folder
        self._files = JobFiles(folder)
        self._actions = actions
        self.environment = {
            **environment,
            **self._files.environment,
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(folder),
        }
        self.contexts = {**contexts, "steps": {}}
        self.log: list[str] = []
        self.commands: list[tuple[str, str]] = []
        self.has_failed = False

    @property
    def summary(self) -> str:
        """What its steps wrote to the summary."""
        return self._files.read_summary()

    def run_steps(self, steps: list[Mapping[str, Any]], scope: Mapping[str, Any]) -> None:
        """Run steps until one fails; ``scope`` are contexts besides the job's."""
        for step in steps:
            contexts = {**self.contexts, **scope, **self._list_status_functions()}
            if not self._is_wanted(step, contexts):
                continue
            try:
                self._run_step(step, contexts)
            except subprocess.CalledProcessError as error:
                self.log.append(f"the step ended with {error.returncode}")
                self.has_failed = True

    def run_command(self, command: list[str], environment: Mapping[str, str] | None = None) -> None:
        """Run a program in the workspace, and keep what it prints."""
        done = subprocess.run(
            command,
            cwd=self.workspace,
            env={**self.environment, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )
        self.log.append(done.stdout)
        self.commands += find_commands(done.stdout.splitlines())
        done.check_returncode()

    def _list_status_functions(self) -> Mapping[str, Callable[[], bool]]:
        return {
            "success": lambda: not self.has_failed,
            "failure": lambda: self.has_failed,
            "always": lambda: True,
            "cancelled": lambda: False,
        }

    def _is_wanted(self, step: Mapping[str, Any], contexts: Mapping[str, Any]) -> bool:
        condition = str(step.get("if", "success()")).removeprefix("${{").removesuffix("}}")
        if not any(name in condition for name in ("success(", "failure(", "always(", "cancelled(")):
            condition = f"success() && ({condition})"
        return bool(fill_in(f"${{{{ {condition} }}}}", contexts))

    def _run_step(self, step: Mapping[str, Any], contexts: Mapping[str, Any]) -> None:
        self.log.append(f"== {step.get('name') or step.get('uses')}")
        given = {name: _to_text(fill_in(str(one), contexts)) for name, one in _get(step, "with")}
        if "run" in step:
            self._run_script(step, contexts)
        elif step["uses"].partition("@")[0] in self._actions:
            self._actions[step["uses"].partition("@")[0]](self, given)
        else:
            self._run_composite(step["uses"], given)
        self._read_files(step)

    def _run_script(self, step: Mapping[str, Any], contexts: Mapping[str, Any]) -> None:
        script = self._folder / "script.sh"
        script.write_text(fill_in(step["run"], contexts), encoding="utf-8")
        own = {name: _to_text(fill_in(str(one), contexts)) for name, one in _get(step, "env")}
        self.run_command([*_BASH, str(script)], own)

    def _run_composite(self, path: str, given: Mapping[str, str]) -> None:
        assert path.startswith("./"), f"{path} is no action of this repository"
        file = self.workspace / path / "action.yml"
        action = yaml.safe_load(file.read_text(encoding="utf-8"))
        defaults = {name: one.get("default", "") for name, one in _get(action, "inputs")}
        assert given.keys() <= defaults.keys()
        self.run_steps(action["runs"]["steps"], {"inputs": {**defaults, **given}})

    def _read_files(self, step: Mapping[str, Any]) -> None:
        self.environment |= self._files.take("ENV")
        for folder in self._files.take_lines("PATH"):
            self.environment["PATH"] = f"{folder}:{self.environment['PATH']}"
        outputs = self._files.take("OUTPUT")
        if "id" in step:
            self.contexts["steps"][step["id"]] = {"outputs": outputs}


def _get(document: Mapping[str, Any], name: str) -> list[tuple[str, Any]]:
    return list((document.get(name) or {}).items())


def _to_text(value: Any) -> str:
    return "" if value is None else str(value)
