"""The Pulumi CLI: the one on PATH, the official build, or one built from Go modules.

The second and the third go into a cache folder outside the checkout, for every checkout to use.
"""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools.environment import VENV_BIN, environment
from tools.setup import pulumi_source
from tools.setup.pulumi_source import VERSION
from tools.setup.steps import SetupError, lock, run, say

PROGRAMS = (
    "pulumi",
    "pulumi-language-python",
    "pulumi-language-python-exec",
    "pulumi-resource-pulumi-python",
)
OFFICIAL = f"official {VERSION}"
DOWNLOAD_SECONDS = 600
DOWNLOAD = """\
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
"""


def ensure() -> None:
    """Make `.venv/bin` lead to a CLI of at least the pinned version, if PATH does not already."""
    home = cache_folder() / f"pulumi-{VERSION}"
    if _is_on_path(home):
        for program in PROGRAMS:
            (VENV_BIN / program).unlink(missing_ok=True)
    else:
        _ensure_cached(home)
        _link(home / "bin")


def _is_on_path(home: Path) -> bool:
    """Whether the user's own CLI is as new as ours, and of the same major version."""
    own_folders = (VENV_BIN.resolve(), (home / "bin").resolve())
    path = os.pathsep.join(
        entry for entry in os.get_exec_path() if Path(entry).resolve() not in own_folders
    )
    found = shutil.which("pulumi", path=path)
    if found is None:
        return False
    version = _read_version(Path(found))
    if (
        version is not None
        and version[0] == _parse_version(VERSION)[0]
        and version >= _parse_version(VERSION)
    ):
        return True
    description = "of an unknown version" if version is None else ".".join(map(str, version))
    say(f"{found} is {description}, not {VERSION} or newer: it is not used")
    return False


def _ensure_cached(home: Path) -> None:
    """Put the CLI into the cache, if it is not there yet."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with lock(home.parent):
        made_from = home / "made-from"
        wanted = (OFFICIAL, pulumi_source.recipe())
        if not (made_from.is_file() and made_from.read_text(encoding="utf-8") in wanted):
            _install(home)


def cache_folder() -> Path:
    """Return where the CLI is kept between checkouts."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base).absolute() if base else Path.home() / ".cache") / "realtimekit-provider"


def _install(home: Path) -> None:
    """Get the CLI into a folder beside its home, which becomes the home when it is complete."""
    unfinished = f"{home.name}.unfinished-"
    for leftover in home.parent.glob(f"{unfinished}*"):
        shutil.rmtree(leftover)
    folder = Path(tempfile.mkdtemp(prefix=unfinished, dir=home.parent))
    try:
        if _download(folder):
            made_from = OFFICIAL
        else:
            shutil.rmtree(folder / "bin", ignore_errors=True)
            pulumi_source.build(folder / "bin")
            made_from = pulumi_source.recipe()
        _check_programs(folder / "bin")
        (folder / "made-from").write_text(made_from, encoding="utf-8")
        folder.chmod(0o755)
        if home.exists():
            shutil.rmtree(home)
        folder.rename(home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"the Pulumi CLI {VERSION} is in {home / 'bin'}")


def _download(folder: Path) -> bool:
    say(f"downloading the official Pulumi CLI {VERSION}: a minute or two, once")
    try:
        run(
            [VENV_BIN / "python", "-c", DOWNLOAD, folder, VERSION],
            what="the download",
            env=environment(),
            timeout=DOWNLOAD_SECONDS,
        )
    except SetupError:
        say("the official download does not work from this machine")
        return False
    return True


def _check_programs(folder: Path) -> None:
    missing = [program for program in PROGRAMS if not os.access(folder / program, os.X_OK)]
    if missing:
        raise SetupError(f"the Pulumi CLI came without {', '.join(missing)}")
    if _read_version(folder / "pulumi") != _parse_version(VERSION):
        raise SetupError(f"the new Pulumi CLI does not say that it is {VERSION}")


def _link(folder: Path) -> None:
    for program in PROGRAMS:
        link = VENV_BIN / program
        target = folder / program
        if link.is_symlink() and link.readlink() == target:
            continue
        link.unlink(missing_ok=True)
        link.symlink_to(target)


def _read_version(program: Path) -> tuple[int, ...] | None:
    try:
        answer = subprocess.run(
            [program, "version"],
            env={**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"},
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    found = re.fullmatch(r"v?(\d+\.\d+\.\d+)(?:[-+].*)?", answer.stdout.strip())
    return _parse_version(found[1]) if found else None


def _parse_version(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
