"""Runs the commands of the demo one after the other, and stops cleanly when interrupted."""

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType, TracebackType

from typing_extensions import Self

from tools.demo.transcript import Transcript

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_TIMEOUT_SECONDS = 60.0
_GRACE_SECONDS = 20.0


class DemoError(Exception):
    """What stopped the demo, as a message for the person who ran it."""


class InterruptedDemoError(DemoError):
    """A signal asked the demo to end."""

    def __init__(self, number: int) -> None:
        super().__init__(f"interrupted by {signal.Signals(number).name}")
        self.number = number


class Interruptions:
    """Stores signals, and passes them on to the command that runs.

    Nothing is raised where a signal happens to arrive: the command that runs ends cleanly,
    and the demo ends after it. So whatever was started is also cleaned up.
    """

    def __init__(self) -> None:
        self._signal: int | None = None
        self._process: subprocess.Popen[str] | None = None
        self._before = {number: signal.getsignal(number) for number in _SIGNALS}

    def __enter__(self) -> Self:
        """Listen."""
        for number in _SIGNALS:
            signal.signal(number, self._handle_signal)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Restore the handlers that were there before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def raise_if_interrupted(self) -> None:
        """Raise InterruptedDemoError if a signal has arrived."""
        if self._signal is not None:
            raise InterruptedDemoError(self._signal)

    def watch(self, process: subprocess.Popen[str] | None) -> None:
        """Pass signals on to this process from now on, and those that it missed."""
        self._process = process
        if process is not None and self._signal is not None:
            interrupt(process)

    def _handle_signal(self, number: int, _frame: FrameType | None) -> None:
        self._signal = number
        if self._process is not None:
            interrupt(self._process)


def interrupt(process: subprocess.Popen[str]) -> None:
    """Ask a command to end, and kill it if it does not."""
    process.send_signal(signal.SIGINT)
    _schedule(_GRACE_SECONDS, _kill, process)


class Commands:
    """Runs commands in one folder and one environment, and shows them with what they print."""

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        transcript: Transcript,
        interruptions: Interruptions,
    ) -> None:
        self._folder = folder
        self._environment = environment
        self._transcript = transcript
        self._interruptions = interruptions

    def run(self, *command: str, stdin_file: str = os.devnull) -> None:
        """Run one command to its end; raises DemoError if it fails or takes too long.

        The command has a session of its own, so that Ctrl-C reaches it once, through the demo.
        """
        self._interruptions.raise_if_interrupted()
        source = "" if stdin_file == os.devnull else f" < {stdin_file}"
        self._transcript.print_command(shlex.join(command) + source)
        with (
            (self._folder / stdin_file).open("rb") as stdin,
            subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=stdin,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            ) as process,
        ):
            limit = _schedule(_TIMEOUT_SECONDS, interrupt, process)
            self._interruptions.watch(process)
            try:
                for line in process.stdout or ():
                    self._transcript.print_output(line.rstrip())
            except BaseException:
                interrupt(process)
                raise
            finally:
                process.wait()
                limit.cancel()
                self._interruptions.watch(None)
        self._interruptions.raise_if_interrupted()
        if process.returncode != 0:
            raise DemoError(f"'{shlex.join(command)}' ended with {process.returncode}")

    def pulumi(self, *arguments: str, stdin_file: str = os.devnull) -> None:
        """Run the Pulumi CLI; its output is colored where the terminal shows colors."""
        color = ("--color", "always") if self._transcript.is_colored else ()
        self.run("pulumi", *arguments, *color, stdin_file=stdin_file)


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _schedule(seconds: float, action: object, process: subprocess.Popen[str]) -> threading.Timer:
    timer = threading.Timer(seconds, action, [process])  # type: ignore[arg-type]
    timer.daemon = True
    timer.start()
    return timer
