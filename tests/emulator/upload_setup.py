"""What the tests of real uploads share: a recording from start to upload, and a look for leaks."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from realtimekit_emulator import Control, EmulatorServer, real_uploaders

__all__ = ["CLOSED", "Ended", "Remote", "only_this_machine", "record", "refused", "uploading"]

CLOSED = "http://127.0.0.1:9"
_PATIENCE = 30


@dataclass(frozen=True)
class Ended:
    """A recording that is over: its id, its file's name, and why it failed, if it did."""

    id: str
    file_name: str
    failure: str


@dataclass(frozen=True)
class Remote:
    """An emulator in another process."""

    control: Control
    kit_url: str
    headers: dict[str, str]


def uploading(**endpoints: str) -> EmulatorServer:
    """Return an emulator with the uploaders that upload."""
    return EmulatorServer(uploaders=real_uploaders(**endpoints))


def record(
    emulator: EmulatorServer | Remote,
    *storages: dict[str, Any],
    layers: tuple[str, ...] = ("default",),
    status: str = "UPLOADED",
) -> Ended:
    """Record each layer to each storage until the end."""
    meeting = emulator.control.create_meeting(participants=1)
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": storage} for storage in storages]
    body = {"meeting_id": meeting.id, "layers": {name: {"outputs": outputs} for name in layers}}
    url = f"{emulator.kit_url}/recordings"
    started = _asked("POST", f"{url}/track", emulator, body)
    recording_id = str(started["id"])
    emulator.control.wait_for(recording_id, "RECORDING")
    emulator.control.end_session(meeting.id)
    ended = emulator.control.wait_for(recording_id, status, _PATIENCE)
    shown = _asked("GET", f"{url}/{recording_id}", emulator)
    failure = ended.events[-1].detail if status == "ERRORED" else ""
    return Ended(recording_id, str(shown["output_file_name"]), failure)


def refused(emulator: EmulatorServer | Remote, storage: dict[str, Any], *secrets: str) -> str:
    """Return why a recording to this storage ends ERRORED, without the target.

    No secret is in what the emulator tells.
    """
    failure = record(emulator, storage, status="ERRORED").failure
    told = told_by(emulator.control)
    for secret in secrets:
        assert secret
        assert secret not in told
    return failure.partition(": ")[2]


def _asked(
    method: str, url: str, emulator: EmulatorServer | Remote, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    with requests.Session() as session:
        # The proxy is a trap for the uploaders.
        session.trust_env = False
        answer = session.request(method, url, json=body, headers=emulator.headers, timeout=5)
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


def told_by(control: Control) -> str:
    """Return everything that the control API shows."""
    return "\n".join(map(repr, (control.events(), control.requests(), control.recordings())))


@contextmanager
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield the hosts that were asked for or connected to; a proxy in the environment is a trap."""
    hosts: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def looked_up(host: Any, *arguments: Any, **options: Any) -> Any:
        hosts.append(str(host))
        return look_up(host, *arguments, **options)

    def connected(self: socket.socket, address: Any) -> None:
        hosts.append(str(address[0]))
        connect(self, address)

    with monkeypatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.setenv(name, CLOSED)
            patch.setenv(name.lower(), CLOSED)
        for name in ("NO_PROXY", "no_proxy"):
            patch.delenv(name, raising=False)
        patch.setattr(socket, "getaddrinfo", looked_up)
        patch.setattr(socket.socket, "connect", connected)
        yield hosts
