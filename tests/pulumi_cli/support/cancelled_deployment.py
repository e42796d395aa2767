"""``realtimekit up``, cancelled as GitHub cancels a step, and what must hold afterwards."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.cli.exit_codes import ExitCode
from tests.cli.command_line import COMMAND
from tests.fault_injection.pulumi_cli.processes import kill_all, list_processes
from tests.pulumi_cli.support.project import Outcome, Project

__all__ = [
    "Cancellation",
    "CancelledStack",
    "draw_cancellation",
    "run_realtimekit",
    "start_realtimekit",
]

_TIMEOUT = 120
_ACTIVE = frozenset({"INVOKED", "RECORDING", "PAUSED"})
_SECONDS_UNTIL_TERM = 7.5
_SECONDS_UNTIL_KILL = 2.5
_LATEST = 5.0

_FIRST: Mapping[str, Mapping[str, Any]] = {"pauses": {}, "replaces": {}, "stops": {}}
_SECOND: Mapping[str, Mapping[str, Any]] = {
    "pauses": {"desired_state": "PAUSED"},
    "replaces": {"max_seconds": 600},
    "stops": {"desired_state": "STOPPED"},
    "starts": {},
}
_RECORDINGS = {
    "pauses": ["PAUSED"],
    "replaces": ["RECORDING"],
    "stops": [],
    "starts": ["RECORDING"],
}
_STARTS = {"pauses": 1, "replaces": 2, "stops": 1, "starts": 1}


@dataclass(frozen=True)
class Cancellation:
    """When a deployment is cancelled, and how slow the API is.

    Attributes:
        seconds: The moment, since the command was started.
        slowness: Seconds that each call of the API takes.
        effect: Whether a call has its effect before or after that time.
    """

    seconds: float
    slowness: float
    effect: str


def draw_cancellation(generator: random.Random) -> Cancellation:
    """Return one at a random moment of a deployment, which lasts from two seconds to twenty."""
    return Cancellation(
        seconds=generator.uniform(0.0, _LATEST),
        slowness=generator.choice((0.0, 0.4, 3.0, 20.0)),
        effect=generator.choice(("before", "after")),
    )


def run_realtimekit(project: Project, *arguments: str) -> Outcome:
    """Run ``realtimekit`` in a process of its own, with the project's environment."""
    with start_realtimekit(project, *arguments) as process:
        output, _ = process.communicate(timeout=_TIMEOUT)
    return Outcome(process.returncode, output)


class CancelledStack:
    """A stack whose second deployment pauses, replaces, stops and starts, and is cancelled."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._control = project.emulator.control
        self._meetings = {name: self._control.create_meeting(participants=1).id for name in _SECOND}
        self._declare(_FIRST)
        project.up()
        for one in self._control.recordings():
            self._control.wait_for(one.id, "RECORDING")
        self._declare(_SECOND)

    def find_violations(self, cancellation: Cancellation) -> list[str]:
        """Cancel the second deployment, deploy again, and return what is wrong after either."""
        try:
            code, output = self._cancel(cancellation)
            found = list(self._find_leftovers(code))
            self._control.clear_faults()
            time.sleep(0.2)
            again = run_realtimekit(self._project, "up", "--stack", self._project.stack)
        finally:
            kill_all(self._project.folder)
        if again.code != 0:
            found.append(f"the next deployment exited with {again.code}: {again.output[-1500:]}")
        found += self._find_doubles()
        return [f"{one} ({cancellation})\n{output[-1500:]}" for one in found]

    def _declare(self, recordings: Mapping[str, Mapping[str, Any]]) -> None:
        self._project.configure(
            **{
                name: {"meeting_id": self._meetings[name], "layers": {"default": {}}, **inputs}
                for name, inputs in recordings.items()
            }
        )

    def _cancel(self, cancellation: Cancellation) -> tuple[int, str]:
        """Start the deployment, send INT, TERM and KILL; return its exit code and its output."""
        if cancellation.slowness:
            self._control.add_fault(
                "slow", seconds=cancellation.slowness, effect=cancellation.effect
            )
        process = start_realtimekit(self._project, "up", "--stack", self._project.stack)
        steps = (
            (cancellation.seconds, signal.SIGINT),
            (_SECONDS_UNTIL_TERM, signal.SIGTERM),
            (_SECONDS_UNTIL_KILL, signal.SIGKILL),
        )
        with process:
            for seconds, number in steps:
                try:
                    process.wait(seconds)
                except subprocess.TimeoutExpired:
                    process.send_signal(number)
            output, _ = process.communicate(timeout=_TIMEOUT)
        return process.returncode, output

    def _find_leftovers(self, code: int) -> Iterator[str]:
        if code == -signal.SIGKILL:
            yield "GitHub had to kill it"
        # A signal may also come before the command has begun to take them: nothing runs yet then.
        elif code not in {ExitCode.OK, ExitCode.CANCELLED, -signal.SIGINT, ExitCode.ERROR}:
            yield f"it exited with {code}"
        locks = list((self._project.folder / "state" / ".pulumi" / "locks").rglob("*.json"))
        if locks:
            yield f"{len(locks)} locks are left"
        processes = [command for _, command in list_processes(self._project.folder) if command]
        if processes:
            yield f"processes are left: {processes}"

    def _find_doubles(self) -> Iterator[str]:
        for name, meeting in self._meetings.items():
            recordings = self._control.recordings(meeting)
            for one in recordings:
                if one.status == "INVOKED":
                    self._control.wait_for(one.id, "RECORDING")
            recordings = self._control.recordings(meeting)
            active = [one.status for one in recordings if one.status in _ACTIVE]
            if active != _RECORDINGS[name]:
                yield f"'{name}' has {active}"
            if len(recordings) != _STARTS[name]:
                yield f"'{name}' was started {len(recordings)} times"


def start_realtimekit(project: Project, *arguments: str) -> subprocess.Popen[str]:
    """Start ``realtimekit`` in a process of its own, its output and its messages in one pipe."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=project.folder,
        env=project.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
