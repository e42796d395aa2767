"""The checks of what is installed on this machine."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from realtimekit_provider.cli.checks.evidence.projects import ExaminedProject
from realtimekit_provider.cli.checks.results import CheckResult
from realtimekit_provider.cli.exit_codes import CommandError

__all__ = ["check_cli", "check_plugin", "check_python", "check_sdk", "find_missing_plugins"]

_PLUGINS: Mapping[str, str] = {
    "pulumi-language-python": "language-python-v*",
    "pulumi-resource-pulumi-python": "resource-pulumi-python-v*",
}
"""The programs that run a Python program and its dynamic providers, and the folder of each among
the CLI's plugins."""
_INSTALL_CLI = "install the Pulumi CLI with its plugins as one archive: https://www.pulumi.com/docs"


def check_python(_project: ExaminedProject) -> CheckResult:
    """Show the version of Python and of this package."""
    package = _find_version("realtimekit-provider") or "not installed"
    return CheckResult.ok(f"Python {platform.python_version()}, realtimekit-provider {package}")


def check_sdk(_project: ExaminedProject) -> CheckResult:
    """Say which of Pulumi's SDKs programs of this environment use."""
    sdk = _find_version("pulumi")
    if sdk is None:
        return CheckResult.fail(
            "the package pulumi is not installed", "install the project's packages"
        )
    return CheckResult.ok(f"Pulumi SDK {sdk}")


def check_cli(project: ExaminedProject) -> CheckResult:
    """Say which Pulumi CLI is on PATH, and whether it goes with the SDK."""
    try:
        found = project.cli_version.get()
    except CommandError as error:
        return CheckResult.fail(str(error), _INSTALL_CLI)
    return judge_versions(found, _find_version("pulumi") or "")


def judge_versions(cli: str, sdk: str) -> CheckResult:
    """Say whether a CLI and an SDK go together: they do within one major version."""
    majors = [_parse_major(text) for text in (cli, sdk)]
    if majors[0] is None:
        return CheckResult.warn(
            "'pulumi version' prints no version", f"see which program that is, or {_INSTALL_CLI}"
        )
    if majors[1] is not None and majors[0] != majors[1]:
        return CheckResult.fail(
            f"Pulumi CLI {cli.lstrip('v')} and SDK {sdk} do not go together",
            "use the same major version of both",
        )
    return CheckResult.ok(f"Pulumi CLI {cli.lstrip('v')}, which goes with the SDK")


def check_plugin(project: ExaminedProject) -> CheckResult:
    """Say whether the CLI has what runs Python programs, without fetching it."""
    project.cli_version.require()
    missing = find_missing_plugins(os.environ)
    if missing:
        return CheckResult.fail(
            f"not on PATH, beside the CLI or among its plugins: {', '.join(missing)}",
            f"put the folder that they are in on PATH, or {_INSTALL_CLI}",
        )
    return CheckResult.ok("the CLI finds what runs Python programs")


def find_missing_plugins(environment: Mapping[str, str]) -> list[str]:
    """Return the programs that the CLI would not find."""
    path = environment.get("PATH", "")
    home = Path(environment.get("PULUMI_HOME") or Path.home() / ".pulumi")
    cli = shutil.which("pulumi", path=path)
    cli_folder = str(Path(cli).resolve().parent) if cli else ""
    return [
        program
        for program, folder in _PLUGINS.items()
        if shutil.which(program, path=os.pathsep.join([path, cli_folder])) is None
        and not any((home / "plugins").glob(folder))
    ]


def _find_version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _parse_major(text: str) -> int | None:
    found = re.match(r"v?(\d+)\.\d+", text)
    return int(found[1]) if found else None
