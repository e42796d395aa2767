"""What ``realtimekit`` starts: it names the extra where the command line's packages are missing."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from io import TextIOWrapper

from realtimekit_provider.constants import INSTALL_COMMAND

__all__ = ["run"]

_PACKAGES = ("click", "rich", "yaml")


def run() -> None:
    """Run the command that the arguments name, and exit with its code."""
    if not all(map(find_spec, _PACKAGES)):
        sys.stderr.write(
            "realtimekit: the packages of the command line are not installed: run "
            f"{INSTALL_COMMAND.format(extra='ops')}\n"
        )
        sys.exit(2)
    from realtimekit_provider.cli.exit_codes import ExitCode  # noqa: PLC0415
    from realtimekit_provider.cli.main import main  # noqa: PLC0415  # loads what may be missing

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A file's name may be no text, and a terminal may lack a character.
            stream.reconfigure(errors="backslashreplace")
    code = main()
    if code == ExitCode.CANCELLED:
        # A thread may still wait for an API, which the interpreter would wait for.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
