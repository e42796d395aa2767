"""A program, its stacks' files and its state, in a folder of the test's own; driven by the CLI."""

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
from tests.pulumi_cli.environment import ROOT, surroundings
from tests.scenarios.steps import TIMING

__all__ = ["TYPE", "Outcome", "Project", "make_template"]

TYPE = "pulumi-python:dynamic/realtimekit:TrackRecording"
_TIMEOUT = 90
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
    project.must("stack", "init", project.stack)
    return folder


class Project:
    """One copy of the program; ``environment`` is for a test to change."""

    def __init__(self, folder: Path, emulator: EmulatorServer, stack: str = "test") -> None:
        self.folder = folder
        self.emulator = emulator
        self.stack = stack
        self.environment = {**surroundings(folder, emulator), "PULUMI_STACK": stack}

    @classmethod
    def copy_of(cls, template: Path, folder: Path, emulator: EmulatorServer) -> Project:
        """Copy the template, with the settings that every stack here has."""
        shutil.copytree(template, folder, symlinks=True)
        project = cls(folder, emulator)
        project.configure()
        return project

    def another(self, stack: str) -> Project:
        """Make another stack of the same program."""
        other = Project(self.folder, self.emulator, stack)
        other.must("stack", "init", stack)
        other.configure()
        return other

    @property
    def config_file(self) -> Path:
        """The stack's config."""
        return self.folder / "stacks" / f"Pulumi.{self.stack}.yaml"

    def program(self, source: str) -> None:
        """Take another program than the repository's."""
        (self.folder / "__main__.py").write_text(source, encoding="utf-8")

    def configure(self, **recordings: Mapping[str, Any]) -> None:
        """Declare recordings in the stack's config, beside the settings that every stack has."""
        self.configure_with({"realtimekit:recordings": recordings})

    def configure_with(self, config: Mapping[str, Any]) -> None:
        """Write the stack's config; what is encrypted stays, as does what it was encrypted with."""
        file = self.config_file
        settings = {
            "realtimekit:accountId": self.emulator.account_id,
            "realtimekit:appId": self.emulator.app_id,
            "realtimekit:timing": dict(TIMING),
            **config,
        }
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        kept = "\n".join(line for line in lines if line.startswith("encryptionsalt:"))
        # JSON is YAML.
        file.write_text(f"{kept}\nconfig: {json.dumps(settings)}\n", encoding="utf-8")

    def encrypt(self, **values: str) -> None:
        """Put secrets into the stack's config; call it after :meth:`configure_with`."""
        pairs = [part for name, value in values.items() for part in ("--secret", f"{name}={value}")]
        self.must("config", "set-all", *pairs)

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

    def pulumi(self, *arguments: str) -> Outcome:
        """Run the CLI to its end, however that is."""
        with self.start(*arguments) as process:
            try:
                output, _ = process.communicate(timeout=_TIMEOUT)
            except subprocess.TimeoutExpired:
                process.kill()
                raise
        return Outcome(process.returncode, output)

    def must(self, *arguments: str) -> str:
        """Run the CLI, which must succeed, and return what it printed."""
        outcome = self.pulumi(*arguments)
        assert outcome.code == 0, outcome.output
        return outcome.output

    def up(self, *flags: str) -> str:
        """Deploy, which must succeed."""
        return self.must(*_UP, *flags)

    def try_up(self, *flags: str) -> Outcome:
        """Deploy, whatever comes of it."""
        return self.pulumi(*_UP, *flags)

    def start_up(self) -> subprocess.Popen[str]:
        """Begin to deploy."""
        return self.start(*_UP)

    def preview(self, *flags: str) -> str:
        """Preview, which must succeed."""
        return self.must("preview", "--diff", "--suppress-progress", *flags)

    def refresh(self, *flags: str) -> str:
        """Refresh, which must succeed."""
        return self.must("refresh", *_FLAGS, *flags)

    def destroy(self, *flags: str) -> str:
        """Destroy, which must succeed."""
        return self.must(*_DESTROY, *flags)

    def try_destroy(self) -> Outcome:
        """Destroy, whatever comes of it."""
        return self.pulumi(*_DESTROY)

    def start_destroy(self) -> subprocess.Popen[str]:
        """Begin to destroy."""
        return self.start(*_DESTROY)

    def recordings(self) -> dict[str, dict[str, Any]]:
        """Return what the state holds of each recording, by the name of its resource."""
        file = self.folder / "state" / ".pulumi" / "stacks" / "realtimekit" / f"{self.stack}.json"
        state = json.loads(file.read_text(encoding="utf-8"))
        resources = state["checkpoint"]["latest"].get("resources", [])
        return {one["urn"].rsplit("::")[-1]: one for one in resources if one["type"] == TYPE}

    @contextmanager
    def calls(self) -> Iterator[list[str]]:
        """Collect the routes of the API that are called inside the block."""
        before = max((one.number for one in self.emulator.control.requests()), default=0)
        seen: list[str] = []
        yield seen
        seen += [one.route for one in self.emulator.control.requests(after=before)]
