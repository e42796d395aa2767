"""Where the project's Python and its Pulumi CLI are, for everything that starts a process.

`make setup` puts both into one folder, `.venv/bin`: the CLI as links to the folder that holds it.
So a process finds them when that folder is first on its PATH, and nothing else is needed.
"""

import os
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_BIN = VENV / "bin"


def environment(base: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return `base` (default: this process's environment) with the project's tools first."""
    env = dict(os.environ if base is None else base)
    path = [entry for entry in env.get("PATH", os.defpath).split(os.pathsep) if entry]
    others = [entry for entry in path if entry != str(VENV_BIN)]
    env["PATH"] = os.pathsep.join([str(VENV_BIN), *others])
    env["VIRTUAL_ENV"] = str(VENV)
    env["PULUMI_SKIP_UPDATE_CHECK"] = "1"
    env.pop("PYTHONHOME", None)
    return env
