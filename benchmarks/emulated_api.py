"""The API of a benchmark: the emulator in a process of its own, with an app for each provider."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.declared_recordings import DeclaredRecordings
from realtimekit_emulator import Control

__all__ = ["ACCOUNT", "TOKEN", "EmulatedApi", "running_api"]

ACCOUNT = "00000000000000000000000000e31a70"
TOKEN = "benchmark-token"


@dataclass(frozen=True)
class EmulatedApi:
    """A running emulator, with an app for each provider that is measured."""

    base_url: str
    control: Control
    apps: Mapping[str, str]

    def declare_recordings(self, provider: str, size: int) -> DeclaredRecordings:
        """Make meetings with somebody in each, in the provider's own app."""
        app = self.apps[provider]
        made = (self.control.create_meeting(participants=1, app_id=app) for _ in range(size))
        return DeclaredRecordings(ACCOUNT, app, tuple(meeting.id for meeting in made))

    def count_calls(self) -> int:
        """Return how many requests the API has had since the last reset."""
        return self.control.counts().total

    def count_refusals(self) -> int:
        """Return how many requests were answered with 429 since the last reset."""
        return sum(one.status == 429 for one in self.control.requests())


@contextmanager
def running_api(providers: Sequence[str], *settings: str) -> Iterator[EmulatedApi]:
    """Run the emulator with further options of its command line."""
    apps = {name: f"5ca1ab1e-0000-4000-8000-{at:012d}" for at, name in enumerate(providers)}
    named = [part for app in apps.values() for part in ("--app", app)]
    command = [sys.executable, "-m", "realtimekit_emulator", "--port", "0", "--no-keep-bodies"]
    where = ["--account", ACCOUNT, "--token", TOKEN, "--start-answer", "nested", *named]
    with subprocess.Popen(
        [*command, *where, *settings], stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            base_url = process.stdout.readline().removeprefix("ready on ").strip()
            yield EmulatedApi(base_url, Control(base_url.removesuffix("/client/v4")), apps)
        finally:
            process.terminate()
