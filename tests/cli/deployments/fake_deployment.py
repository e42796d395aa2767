"""``realtimekit up`` in a process of its own, over the fake Pulumi CLI."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.cli.command_line import COMMAND, write_project
from tests.polling import wait_until

__all__ = ["FakeProject", "RunningCommand"]

_FAKE = Path(__file__).with_name("fake_pulumi.py")
_ROOT = Path(__file__).parents[3]


@dataclass
class RunningCommand:
    """A command that was started.

    Attributes:
        process: Its process.
        output: What it has written by the time that it ended.
        messages: What it has written to stderr.
    """

    process: subprocess.Popen[str]
    output: str = ""
    messages: str = ""

    def wait(self) -> int:
        """Wait until it has ended; return its exit code."""
        self.output, self.messages = self.process.communicate(timeout=60)
        return self.process.returncode

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, as a CI system does: to this process only."""
        self.process.send_signal(number)


@dataclass
class FakeProject:
    """A project whose Pulumi CLI is a fake.

    Attributes:
        folder: Its folder, of the test's own.
        environment: The commands' variables beside those of this process.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Write the project and the fake CLI."""
        write_project(self.folder, test="config: {}\n")
        self.locks.mkdir(parents=True)
        cli = self.folder / "bin" / "pulumi"
        cli.parent.mkdir()
        cli.write_text(f'#!/bin/sh\nexec {sys.executable} {_FAKE} "$@"\n')
        cli.chmod(0o755)
        self.environment |= {
            "PATH": os.pathsep.join([str(cli.parent), os.environ["PATH"]]),
            "PYTHONPATH": str(_ROOT),
            "FAKE_LOCKS": str(self.locks),
            "XDG_STATE_HOME": str(self.folder / "user-state"),
        }

    @property
    def locks(self) -> Path:
        """The folder of the stack's locks."""
        return self.folder / ".pulumi" / "locks" / "test"

    def add_lock(self, process_id: int, host: str = "") -> Path:
        """Lock the stack, by this machine where no other host is named; return the lock's file."""
        lock = self.locks / f"{process_id}.json"
        held = {"pid": process_id, "username": "alice", "hostname": host or socket.gethostname()}
        lock.write_text(json.dumps({**held, "timestamp": "2026-01-02T03:04:05Z"}))
        return lock

    @contextmanager
    def start_up(self, *arguments: str) -> Iterator[RunningCommand]:
        """Start ``realtimekit up``, which ends with the block at the latest."""
        process = subprocess.Popen(
            [*COMMAND, "up", "--stack", "test", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield RunningCommand(process)
        finally:
            process.kill()
            process.communicate()

    def run_up(self, *arguments: str) -> tuple[int, str]:
        """Run ``realtimekit up``; return its exit code and what it wrote to stderr."""
        with self.start_up(*arguments) as running:
            return running.wait(), running.messages

    def kill_up(self, *, also_cli: bool = True) -> int:
        """Kill a deployment that has the stack's lock; return the process id of its CLI."""
        process = subprocess.Popen(
            [*COMMAND, "up", "--stack", "test"],
            cwd=self.folder,
            env={**os.environ, **self.environment, "FAKE_BEHAVIOR": "stubborn"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: any(one.stat().st_size for one in self.list_pid_files()))
        process.kill()
        process.wait()
        if also_cli:
            self.kill_processes()
        (lock,) = self.locks.iterdir()
        return int(json.loads(lock.read_text())["pid"])

    def list_pid_files(self) -> list[Path]:
        """Return the files that say which deployment of this machine has which lock."""
        return list((self.folder / "user-state" / "realtimekit" / "deployments").glob("*"))

    def kill_processes(self) -> None:
        """Kill what a deployment has left."""

        def kill_found() -> bool:
            found = self.list_processes()
            for one in found:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            return not found

        wait_until(kill_found)

    def wait_until_locked(self) -> None:
        """Return once a deployment has the stack's lock."""
        wait_until(lambda: any(self.locks.iterdir()))

    def list_processes(self) -> list[int]:
        """Return the processes that a deployment of this project has left."""
        found = []
        mark = f"FAKE_LOCKS={self.locks}".encode()
        for entry in Path("/proc").iterdir():
            try:
                is_ours = entry.name.isdigit() and mark in (entry / "environ").read_bytes()
            except OSError:
                continue
            if is_ours and int(entry.name) != os.getpid():
                found.append(int(entry.name))
        return found
