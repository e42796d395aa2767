"""A program, its stacks' files and its state, in the test's own folder, used through the CLI."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from realtimekit_emulator import EmulatorServer
from tests.pulumi_cli.support.environment import ROOT, build_environment
from tests.scenarios.steps import TIMING

__all__ = ["IDENTITY_TYPE", "TYPE", "Outcome", "Project", "make_template"]

TYPE = "pulumi-python:dynamic/realtimekit:TrackRecording"
IDENTITY_TYPE = "pulumi-python:dynamic/realtimekit:StackIdentity"
_TIMEOUT = 240
_FLAGS = ("--yes", "--skip-preview", "--suppress-progress")
_UP = ("up", *_FLAGS)
_DESTROY = ("destroy", *_FLAGS)


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and everything that it printed."""

    code: int
    output: str


def make_template(folder: Path, emulator: EmulatorServer) -> Path:
    """Make a project with an empty stack, which tests copy: that saves each a run of the CLI."""
    (folder / "stacks").mkdir(parents=True)
    (folder / "state").mkdir()
    for name in ("Pulumi.yaml", "__main__.py"):
        shutil.copyfile(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix, target_is_directory=True)
    project = Project(folder, emulator)
    project.run("stack", "init", project.stack)
    return folder


class Project:
    """A copy of the program with one stack.

    Attributes:
        folder: The copy.
        emulator: The API.
        stack: The stack's name.
        environment: The CLI's environment variables, for a test to change.
    """

    def __init__(self, folder: Path, emulator: EmulatorServer, stack: str = "test") -> None:
        self.folder = folder
        self.emulator = emulator
        self.stack = stack
        self.environment = {**build_environment(folder, emulator), "PULUMI_STACK": stack}

    @classmethod
    def copy_template(cls, template: Path, folder: Path, emulator: EmulatorServer) -> Project:
        """Copy the template, with the settings that every stack here has."""
        shutil.copytree(template, folder, symlinks=True)
        project = cls(folder, emulator)
        project.configure()
        return project

    def add_stack(self, stack: str) -> Project:
        """Add another stack of the same program, and return its project."""
        other = Project(self.folder, self.emulator, stack)
        other.run("stack", "init", stack)
        other.configure()
        return other

    @property
    def config_file(self) -> Path:
        """The stack's config."""
        return self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"

    @property
    def state_file(self) -> Path:
        """The stack's state."""
        folder = self.folder / "state" / ".pulumi" / "stacks" / "realtimekit"
        return folder / f"{self.stack}.json"

    def write_program(self, source: str) -> None:
        """Write another program than the repository's."""
        (self.folder / "__main__.py").write_text(source, encoding="utf-8")

    def configure(self, **recordings: Mapping[str, Any]) -> None:
        """Declare recordings in the stack's config, beside the settings that every stack has."""
        self.write_config({"realtimekit:recordings": recordings})

    def write_config(self, config: Mapping[str, Any]) -> None:
        """Write the stack's config; what is encrypted stays, as does what it was encrypted with."""
        file = self.config_file
        settings = {
            "realtimekit:accountId": self.emulator.account_id,
            "realtimekit:appId": self.emulator.app_id,
            "realtimekit:timing": dict(TIMING),
            **config,
        }
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        salt = "\n".join(line for line in lines if line.startswith("encryptionsalt:"))
        # JSON is YAML.
        file.write_text(f"{salt}\nconfig: {json.dumps(settings)}\n", encoding="utf-8")

    def encrypt(self, **values: str) -> None:
        """Put secrets into the stack's config; call it after :meth:`write_config`."""
        pairs = [part for name, value in values.items() for part in ("--secret", f"{name}={value}")]
        self.run("config", "set-all", *pairs)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the CLI, and do not wait for it."""
        return subprocess.Popen(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def try_run(self, *arguments: str) -> Outcome:
        """Run the CLI, which may fail, and return code and output."""
        with self.start(*arguments) as process:
            try:
                output, _ = process.communicate(timeout=_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Outcome(process.returncode, output)

    def run(self, *arguments: str) -> str:
        """Run the CLI, which must succeed, and return what it printed."""
        outcome = self.try_run(*arguments)
        assert outcome.code == 0, outcome.output
        return outcome.output

    def up(self, *flags: str) -> str:
        """Deploy, which must succeed."""
        return self.run(*_UP, *flags)

    def try_up(self, *flags: str) -> Outcome:
        """Deploy, which may fail."""
        return self.try_run(*_UP, *flags)

    def start_up(self) -> subprocess.Popen[str]:
        """Start to deploy, and do not wait."""
        return self.start(*_UP)

    def preview(self, *flags: str) -> str:
        """Preview, which must succeed."""
        return self.run("preview", "--diff", "--suppress-progress", *flags)

    def refresh(self, *flags: str) -> str:
        """Refresh, which must succeed."""
        return self.run("refresh", *_FLAGS, *flags)

    def destroy(self, *flags: str) -> str:
        """Destroy, which must succeed."""
        return self.run(*_DESTROY, *flags)

    def try_destroy(self) -> Outcome:
        """Destroy, which may fail."""
        return self.try_run(*_DESTROY)

    def start_destroy(self) -> subprocess.Popen[str]:
        """Start to destroy, and do not wait."""
        return self.start(*_DESTROY)

    def read_recordings(self) -> dict[str, dict[str, Any]]:
        """Return what the state holds of each recording, by the name of its resource."""
        state = json.loads(self.state_file.read_text(encoding="utf-8"))
        resources = state["checkpoint"]["latest"].get("resources", [])
        return {one["urn"].rsplit("::")[-1]: one for one in resources if one["type"] == TYPE}

    def read_identity(self) -> str:
        """Return the value of the one identity that the state holds."""
        resources = json.loads(self.run("stack", "export"))["deployment"]["resources"]
        (identity,) = (one for one in resources if one["type"] == IDENTITY_TYPE)
        return str(identity["outputs"]["value"])

    @contextmanager
    def collect_calls(self) -> Iterator[list[str]]:
        """Collect the routes of the API that are called inside the block."""
        before = max((one.number for one in self.emulator.control.requests()), default=0)
        routes: list[str] = []
        yield routes
        routes += [one.route for one in self.emulator.control.requests(after=before)]
