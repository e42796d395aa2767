"""The Pulumi CLI from Go modules: for machines that reach a module proxy but not Pulumi's site.

Two Go modules in `tools/pulumi-cli/` pin every source by its hash. There are two because the Python
language host has left Pulumi's SDK since: the last one in there works with today's engine, but its
module is the engine's own SDK in an older version. Two scripts come from the SDK as they are.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

from tools.environment import ROOT
from tools.setup.steps import SetupError, run, say

MODULES = ROOT / "tools" / "pulumi-cli"
ENGINE = MODULES / "engine"
PYTHON_HOST = MODULES / "python-host"
PINS = [module / name for module in (ENGINE, PYTHON_HOST) for name in ("go.mod", "go.sum")]

SDK = "github.com/pulumi/pulumi/sdk/v3"
ENGINE_COMMAND = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
PYTHON_HOST_COMMAND = f"{SDK}/python/cmd/pulumi-language-python"
SCRIPTS = ("cmd/pulumi-language-python-exec", "dist/pulumi-resource-pulumi-python")


def _read_pinned(pattern: str) -> str:
    text = (ENGINE / "go.mod").read_text(encoding="utf-8")
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        raise SetupError(f"{ENGINE / 'go.mod'} does not say {pattern}")
    return found[1]


# The engine's go.mod is the one place that says which Pulumi this project works with.
VERSION = _read_pinned(r"github\.com/pulumi/pulumi/pkg/v3 v(\S+)")
MINIMUM_GO = _read_pinned(r"^go (\S+)$")
BUILD = (
    *("go", "build", "-trimpath", "-buildvcs=false", "-ldflags"),
    f"-s -w -X {SDK}/go/common/version.Version=v{VERSION}",
)


def recipe() -> str:
    """Name what a build from source is made from, so that a change of a pin makes a new one."""
    pins = hashlib.sha256(b"\0".join(pin.read_bytes() for pin in PINS)).hexdigest()
    return f"source {VERSION} {pins}"


def build(folder: Path) -> None:
    """Build the CLI and the Python language host into a folder."""
    env = _go_environment()
    _require_go(env)
    folder.mkdir()
    say("building the Pulumi CLI from source: about four minutes on two cores, once")
    run(
        [*BUILD, "-o", folder / "pulumi", ENGINE_COMMAND],
        what="building the Pulumi CLI",
        cwd=ENGINE,
        env=env,
    )
    say("building its Python language host: about twenty seconds")
    run(
        [*BUILD, "-o", folder / "pulumi-language-python", PYTHON_HOST_COMMAND],
        what="building the Python language host",
        cwd=PYTHON_HOST,
        env=env,
    )
    sdk = json.loads(_ask_go("mod", "download", "-json", SDK, cwd=ENGINE, env=env))
    for script in SCRIPTS:
        source = Path(sdk["Dir"]) / "python" / script
        copy = folder / source.name
        shutil.copyfile(source, copy)
        copy.chmod(0o755)


def _go_environment() -> dict[str, str]:
    """Return this environment, with what Go needs where the machine does not say it."""
    env = dict(os.environ)
    # No C compiler is needed, and no other Go is fetched in place of the one that is here.
    env.setdefault("CGO_ENABLED", "0")
    env["GOTOOLCHAIN"] = "local"
    if not env.get("HOME"):
        env.setdefault("GOPATH", str(Path.home() / "go"))
        env.setdefault("GOCACHE", str(Path.home() / ".cache" / "go-build"))
    return env


def _require_go(env: dict[str, str]) -> None:
    need = f"Go {MINIMUM_GO} or newer is needed to build the Pulumi CLI"
    remedy = f"install it, or a Pulumi CLI {VERSION} or newer"
    if shutil.which("go") is None:
        raise SetupError(f"{need}, and there is none: {remedy}")
    # Asked outside the two modules, whose go.mod an older Go would refuse in words of its own.
    found = _ask_go("env", "GOVERSION", cwd=ROOT, env=env)
    if _numbers(found) < _numbers(MINIMUM_GO):
        raise SetupError(f"{need}, and this is {found}: {remedy}")


def _ask_go(*arguments: str, cwd: Path, env: dict[str, str]) -> str:
    try:
        answer = subprocess.run(
            ["go", *arguments], cwd=cwd, env=env, capture_output=True, text=True, check=True
        )
    except subprocess.CalledProcessError as error:
        raise SetupError(f"go {arguments[0]} failed:\n{error.stderr.strip()}") from error
    return answer.stdout.strip()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version)[:3])
