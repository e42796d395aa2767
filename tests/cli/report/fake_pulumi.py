"""A Pulumi CLI that prints recorded previews."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

__all__ = ["install_fake_pulumi"]

_PROGRAM = f"""#!{sys.executable}
import pathlib, sys
answer = pathlib.Path(__file__).parent / sys.argv[sys.argv.index("--stack") + 1]
sys.stdout.write((answer / "output").read_text(encoding="utf-8"))
sys.stderr.write((answer / "errors").read_text(encoding="utf-8"))
sys.exit(int((answer / "code").read_text(encoding="utf-8")))
"""


def install_fake_pulumi(
    folder: Path, monkeypatch: pytest.MonkeyPatch, documents: Mapping[str, Mapping[str, Any]]
) -> None:
    """Put a CLI first on PATH that answers a preview of each stack with a recorded document."""
    (folder / "bin").mkdir(exist_ok=True)
    for stack, document in documents.items():
        answer = folder / "bin" / stack
        answer.mkdir(parents=True, exist_ok=True)
        output = "".join(f"{json.dumps(event)}\n" for event in document["events"])
        (answer / "output").write_text(output, encoding="utf-8")
        (answer / "errors").write_text(document["errors"], encoding="utf-8")
        (answer / "code").write_text(str(document["exit_code"]), encoding="utf-8")
    program = folder / "bin" / "pulumi"
    program.write_text(_PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(program.parent), os.environ["PATH"]]))
