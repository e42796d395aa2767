"""A Pulumi CLI that prints recorded previews."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

__all__ = ["install_fake_pulumi"]

_PROGRAM = f"""#!{sys.executable}
import pathlib, sys
name = sys.argv[sys.argv.index("--stack") + 1] if "--stack" in sys.argv else "stack ls"
folder = pathlib.Path(__file__).parent
rest = folder / (name + " without")
is_rest = rest.exists() and any(one.startswith("--exclude=") for one in sys.argv)
answer = rest if is_rest else folder / name
sys.stdout.write((answer / "output").read_text(encoding="utf-8"))
sys.stderr.write((answer / "errors").read_text(encoding="utf-8"))
sys.exit(int((answer / "code").read_text(encoding="utf-8")))
"""


def install_fake_pulumi(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    documents: Mapping[str, Mapping[str, Any]],
    stacks: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Put a CLI first on PATH that answers a preview of each stack with a recorded document.

    Args:
        folder: Where it is put.
        monkeypatch: Sets PATH.
        documents: The documents, by the name of the stack that the CLI is given; behind it stands
            ``without`` for a preview that leaves resources out.
        stacks: What it lists; those of the documents by default.
    """
    (folder / "bin").mkdir(exist_ok=True)
    for stack, document in documents.items():
        output = "".join(f"{json.dumps(event)}\n" for event in document["events"])
        _write_answer(folder / "bin" / stack, output, document["errors"], document["exit_code"])
    listed = [{"name": one} for one in documents] if stacks is None else stacks
    _write_answer(folder / "bin" / "stack ls", json.dumps(listed))
    program = folder / "bin" / "pulumi"
    program.write_text(_PROGRAM, encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(program.parent), os.environ["PATH"]]))


def _write_answer(folder: Path, output: str, errors: str = "", code: int = 0) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "output").write_text(output, encoding="utf-8")
    (folder / "errors").write_text(errors, encoding="utf-8")
    (folder / "code").write_text(str(code), encoding="utf-8")
