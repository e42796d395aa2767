"""The virtual environment `.venv`: made from the pinned requirements, once for each change of them.

A virtual environment cannot be moved, so it is made where it stays. What tells a finished one from
an interrupted one is a stamp, written last: it names what the environment was made from.
"""

import hashlib
import importlib.util
import os
import shutil
import sys
from pathlib import Path

from tools.environment import ROOT, VENV, VENV_BIN, environment
from tools.setup.steps import SetupError, run, say

REQUIREMENTS = ROOT / "requirements-dev.txt"
EXAMPLES_REQUIREMENTS = ROOT / "requirements-examples.txt"
# By this name tools tell what is installed from what is ours.
EXAMPLES = VENV / "examples" / "site-packages"
PROJECT = ROOT / "pyproject.toml"
REQUIREMENTS_STAMP = VENV / "made-from-requirements"
PROJECT_STAMP = VENV / "made-from-project"
PIP = (VENV_BIN / "python", "-m", "pip", "install", "--quiet", "--no-input")
# Python compiles a module when it is first imported; most of the packages' never are.
PINNED = ("--no-compile", "--require-hashes", "--requirement")

LOADED_BY_DEPLOYMENTS = (
    "pulumi.dynamic",
    "realtimekit_provider.program",
    "realtimekit_provider.engine.api_client",
    "realtimekit_provider.recordings.controller",
    "realtimekit_provider.storage.gate.controller",
    "realtimekit_provider.storage.location.controller",
    "realtimekit_provider.storage.writer.controller",
    "asyncssh",
    "azure.storage.blob",
    "boto3.session",
    "google.auth.transport.requests",
    "google.cloud.storage",
    "google.oauth2.service_account",
)


def ensure() -> None:
    """Install exactly the pinned requirements into `.venv`, and the project itself, editable."""
    pins = EXAMPLES_REQUIREMENTS.read_text(encoding="utf-8")
    requirements = _digest(REQUIREMENTS, pins, str(EXAMPLES), sys.version)
    if not _is_made_from(REQUIREMENTS_STAMP, requirements):
        _create(_base_python())
        REQUIREMENTS_STAMP.write_text(requirements, encoding="utf-8")
    project = _digest(PROJECT)
    if not _is_made_from(PROJECT_STAMP, project):
        PROJECT_STAMP.unlink(missing_ok=True)
        run(
            [*PIP, "--no-deps", "--no-build-isolation", "--editable", ROOT],
            what="installing the project itself",
            env=environment(),
        )
        _warm_bytecode()
        PROJECT_STAMP.write_text(project, encoding="utf-8")


def _create(python: Path) -> None:
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    if missing:
        raise SetupError(
            f"{python} lacks its module {missing[0]}: install it "
            "(Debian and Ubuntu: apt-get install python3-venv)"
        )
    version = ".".join(map(str, sys.version_info[:3]))
    say(f"making the virtual environment .venv with Python {version}")
    if VENV.exists():
        # The stamp goes first: what is left of a removal that breaks off must not look finished.
        REQUIREMENTS_STAMP.unlink(missing_ok=True)
        shutil.rmtree(VENV)
    run([python, "-m", "venv", VENV], what="making the virtual environment")
    say("installing the pinned packages: about a minute, once")
    run(
        [*PIP, *PINNED, REQUIREMENTS],
        what="installing the pinned packages",
        env=environment(),
    )
    # Where pip does not list them: the engine would fetch their plugins at each `up`. What they
    # need is among the packages above.
    run(
        [*PIP, *PINNED, EXAMPLES_REQUIREMENTS, "--no-deps", "--target", EXAMPLES],
        what="installing the examples' packages",
        env=environment(),
    )


def _warm_bytecode() -> None:
    """Let Python compile what a deployment loads, once, and keep it.

    Otherwise the program and the provider's process would compile it at the first `pulumi up`, and
    at every one where PYTHONDONTWRITEBYTECODE is set. Nothing else depends on it.
    """
    env = environment()
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    try:
        run(
            [VENV_BIN / "python", "-c", f"import {', '.join(LOADED_BY_DEPLOYMENTS)}"],
            what="compiling what a deployment loads",
            env=env,
        )
    except SetupError as error:
        say(f"{error}\nThe first deployment will be slower.")


def _base_python() -> Path:
    """Return this Python, or the one behind `.venv` when that is what runs: it may be remade."""
    if Path(sys.prefix).resolve() == VENV:
        return Path(os.path.realpath(sys.executable))
    return Path(sys.executable)


def _is_made_from(stamp: Path, digest: str) -> bool:
    if not (VENV_BIN / "python").exists() or not stamp.is_file():
        return False
    return stamp.read_text(encoding="utf-8") == digest


def _digest(file: Path, *more: str) -> str:
    parts = (file.read_bytes(), *(text.encode() for text in more))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()
