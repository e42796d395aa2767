"""What ``realtimekit`` starts: it names the extra where the command line's packages are missing."""

from __future__ import annotations

import os
import signal
import sys
from importlib.util import find_spec
from io import TextIOWrapper
from pathlib import Path
from types import FrameType

from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.constants import INSTALL_COMMAND

__all__ = ["run"]

_PACKAGES = ("click", "rich", "yaml")


def run() -> None:
    """Run the command that the arguments name, and exit with its code."""
    _open_missing_streams()
    if not all(map(find_spec, _PACKAGES)):
        sys.stderr.write(
            "realtimekit: the packages of the command line are not installed: run "
            f"{INSTALL_COMMAND.format(extra='ops')}\n"
        )
        sys.exit(ExitCode.CONFIGURATION)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _exit_cancelled)
    from realtimekit_provider.cli.main import main  # noqa: PLC0415  # loads what may be missing

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file's name may be no text, and a terminal may lack a character.
            stream.reconfigure(errors="backslashreplace")
    code = main()
    try:
        sys.stdout.flush()
    except OSError:
        # The interpreter would try it once more, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if code == ExitCode.CANCELLED:
        # A thread may still wait for an API, which the interpreter would wait for.
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def _exit_cancelled(_number: int, _frame: FrameType | None) -> None:
    """End at once, while nothing runs yet that would have to be ended first."""
    sys.stderr.write("realtimekit: cancelled\n")
    os._exit(ExitCode.CANCELLED)


def _open_missing_streams() -> None:
    """Replace a stream that the shell has closed (``>&-``)."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  # open as long as the process
