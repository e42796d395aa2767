"""Commands run in this process, as their console script runs them."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from realtimekit_provider.cli.main import main

__all__ = ["COMMAND", "Ended", "run_command", "write_project"]

COMMAND = (sys.executable, "-c", "from realtimekit_provider.cli.entry import run; run()")
"""What starts the console script in a process of its own."""


@dataclass(frozen=True)
class Ended:
    """A command that ended.

    Attributes:
        code: What the process would have exited with.
        output: What it wrote to stdout.
        messages: What it wrote to stderr.
    """

    code: int
    output: str
    messages: str

    @property
    def document(self) -> Any:
        """The JSON document that it printed."""
        return json.loads(self.output)


def run_command(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> Ended:
    """Run ``realtimekit`` with these arguments."""
    capsys.readouterr()
    code = main([str(one) for one in arguments])
    printed = capsys.readouterr()
    return Ended(code, printed.out, printed.err)


def write_project(folder: Path, name: str = "acme", **stacks: str) -> Path:
    """Write a project whose stacks' files are in ``stacks/``; return its folder."""
    (folder / "stacks").mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: {name}\nruntime: python\nstackConfigDir: stacks\n")
    for stack, text in stacks.items():
        (folder / "stacks" / f"Pulumi.{stack}.yaml").write_text(text, encoding="utf-8")
    return folder
