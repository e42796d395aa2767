"""What steps of the set-up share: printing, running commands, locking."""

import contextlib
import fcntl
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tools.environment import ROOT

HEARTBEAT_SECONDS = 30
TAIL_LINES = 25


class SetupError(Exception):
    """What stopped the set-up and what to do about it, as a message for the person who ran it."""


def say(text: str) -> None:
    """Print one line at once, also when the output is a pipe."""
    print(f"setup: {text}", flush=True)


def format_duration(seconds: float) -> str:
    """Return a duration as text, such as `2 min 5 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def run(
    command: Sequence[str | Path],
    *,
    what: str,
    cwd: Path = ROOT,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> None:
    """Run a command quietly, printing now and then that it still runs.

    It is a process group of its own, ended as a whole when this run is interrupted. Where even that
    cannot be done, because the set-up was killed, the command still holds its locks: nobody else
    works in a folder that it writes to.
    """
    started = time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        try:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                close_fds=False,
            )
        except OSError as error:
            raise SetupError(f"{what}: {command[0]} cannot be started: {error.strerror}") from error
        try:
            _wait(process, started, timeout)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait()
        if process.returncode != 0:
            output.seek(0)
            tail = "\n".join(output.read().rstrip().splitlines()[-TAIL_LINES:])
            raise SetupError(f"{what} failed (exit code {process.returncode}):\n{tail}")


def _wait(process: subprocess.Popen[bytes], started: float, timeout: float | None) -> None:
    while True:
        try:
            process.wait(HEARTBEAT_SECONDS)
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - started
            if timeout is not None and passed > timeout:
                return
            say(f"still running ({format_duration(passed)})")
        else:
            return


@contextlib.contextmanager
def lock(folder: Path) -> Iterator[None]:
    """Let one set-up at a time work in a folder.

    The system frees the lock when the last process that holds it has ended: the set-up, and the
    commands that it runs.
    """
    handle = os.open(folder, os.O_RDONLY)
    os.set_inheritable(handle, True)  # noqa: FBT003  (it takes no keywords)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another set-up runs in {folder}: waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
