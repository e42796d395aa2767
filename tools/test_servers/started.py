"""Waiting for a server to say that it has started."""

from __future__ import annotations

import re
import subprocess
import threading
from collections import deque
from typing import IO

__all__ = ["StartError", "wait_for_line"]


class StartError(Exception):
    """A server ended before it said that it had started; the text is what it printed."""


def wait_for_line(
    process: subprocess.Popen[str], output: IO[str] | None, pattern: re.Pattern[str]
) -> re.Match[str]:
    """Return the match of the first line of a server's output that says it has started.

    Raises:
        StartError: The server has ended without such a line.
    """
    assert output is not None
    lines = []
    for line in output:
        lines.append(line)
        if found := pattern.search(line):
            # It may print more: a full pipe would stop it.
            threading.Thread(target=_read_to_the_end, args=(output,), daemon=True).start()
            return found
    output.close()
    raise StartError(f"the server ended with {process.wait()}: {''.join(lines)}")


def _read_to_the_end(output: IO[str]) -> None:
    with output:
        deque(output, 0)
