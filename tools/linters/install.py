"""The linters in a cache folder outside the checkout, each pinned by hashes."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tools.environment import ROOT
from tools.setup.pulumi_cli import cache_folder
from tools.setup.steps import SetupError, lock, run, say

__all__ = ["ensure_linters"]

_FOLDER = ROOT / "tools" / "linters"
_REQUIREMENTS = _FOLDER / "requirements.txt"
_MODULE = _FOLDER / "actionlint"
_ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint"


def ensure_linters() -> Path:
    """Return the folder with the linters' programs, after installing what is not there.

    Raises:
        SetupError: A linter cannot be installed; the text says which step failed.
    """
    pins = [_REQUIREMENTS, _MODULE / "go.mod", _MODULE / "go.sum"]
    content = b"\0".join([*(pin.read_bytes() for pin in pins), sys.version.encode()])
    home = cache_folder() / f"linters-{hashlib.sha256(content).hexdigest()[:16]}"
    home.parent.mkdir(parents=True, exist_ok=True)
    with lock(home.parent):
        if not (home / "complete").is_file():
            _install(home)
    return home / "bin"


def _install(home: Path) -> None:
    # A virtual environment cannot be moved: it is made where it stays, and marked when it is whole.
    shutil.rmtree(home, ignore_errors=True)
    say("installing the linters of the workflows: about a minute, once")
    run([sys.executable, "-m", "venv", home], what="making their virtual environment")
    pip: list[str | Path] = [
        home / "bin" / "python",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-input",
    ]
    run(
        [*pip, "--require-hashes", "--requirement", _REQUIREMENTS],
        what="installing the pinned linters",
    )
    if shutil.which("go") is None:
        raise SetupError("actionlint is built with Go, and there is none: install it")
    with tempfile.TemporaryDirectory() as folder:
        run(
            ["go", "build", "-trimpath", "-o", Path(folder) / "actionlint", _ACTIONLINT],
            what="building actionlint",
            cwd=_MODULE,
            env={"CGO_ENABLED": "0", **os.environ, "GOTOOLCHAIN": "local"},
        )
        shutil.move(Path(folder) / "actionlint", home / "bin" / "actionlint")
    (home / "complete").touch()
