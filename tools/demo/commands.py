"""Runs the commands of the demo one after the other, and ends in order when it is interrupted."""

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
_LONGEST = 60.0
_GRACE = 20.0


class DemoError(Exception):
    """What stopped the demo, in words for the person who ran it."""


class InterruptedDemoError(DemoError):
    """Somebody asked the demo to end."""

    def __init__(self, number: int) -> None:
        super().__init__(f"interrupted by {signal.Signals(number).name}")
        self.number = number


class Interruptions:
    """Takes note of signals, and passes them on to the command that runs.

    Nothing is raised where a signal happens to arrive: the command that runs ends in order,
    and the demo ends after it. So whatever was begun is also cleaned up.
    """

    def __init__(self) -> None:
        self._received: int | None = None
        self._process: subprocess.Popen[str] | None = None
        self._before = {number: signal.getsignal(number) for number in _SIGNALS}

    def __enter__(self) -> Self:
        """Listen."""
        for number in _SIGNALS:
            signal.signal(number, self._receive)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Leave signals to whoever had them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def check(self) -> None:
        """Raise InterruptedDemoError if a signal has arrived."""
        if self._received is not None:
            raise InterruptedDemoError(self._received)

    def watch(self, process: subprocess.Popen[str] | None) -> None:
        """Pass signals on to this process from now on, and those that it missed."""
        self._process = process
        if process is not None and self._received is not None:
            end(process)

    def _receive(self, number: int, _frame: FrameType | None) -> None:
        self._received = number
        if self._process is not None:
            end(self._process)


def end(process: subprocess.Popen[str]) -> None:
    """Ask a command to end in order, and make sure that it does."""
    process.send_signal(signal.SIGINT)
    _later(_GRACE, _kill, process)


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

    def run(self, *command: str, reads: str = os.devnull) -> None:
        """Run one command to its end; raises DemoError if it fails or takes too long.

        It is a session of its own, so that Ctrl-C reaches it once, through the demo.
        """
        self._interruptions.check()
        source = "" if reads == os.devnull else f" < {reads}"
        self._transcript.command(shlex.join(command) + source)
        with (
            (self._folder / reads).open("rb") as given,
            subprocess.Popen(
                command,
                cwd=self._folder,
                env=self._environment,
                stdin=given,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
            ) as process,
        ):
            limit = _later(_LONGEST, end, process)
            self._interruptions.watch(process)
            try:
                for line in process.stdout or ():
                    self._transcript.output(line.rstrip())
            except BaseException:
                end(process)
                raise
            finally:
                process.wait()
                limit.cancel()
                self._interruptions.watch(None)
        self._interruptions.check()
        if process.returncode != 0:
            raise DemoError(f"'{shlex.join(command)}' ended with {process.returncode}")

    def pulumi(self, *arguments: str, reads: str = os.devnull) -> None:
        """Run the Pulumi CLI; it colours what it prints where the terminal shows that."""
        colour = ("--color", "always") if self._transcript.coloured else ()
        self.run("pulumi", *arguments, *colour, reads=reads)


def _kill(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def _later(seconds: float, do: object, process: subprocess.Popen[str]) -> threading.Timer:
    timer = threading.Timer(seconds, do, [process])  # type: ignore[arg-type]
    timer.daemon = True
    timer.start()
    return timer
