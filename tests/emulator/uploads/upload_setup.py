"""What the tests of real uploads share: a recording from start to upload, and its failure."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from realtimekit_emulator import Control, EmulatorServer, real_uploaders

CLOSED = "http://127.0.0.1:9"
_TIMEOUT = 30


@dataclass(frozen=True)
class FinishedRecording:
    """Its id, the name of its file, and why it failed, if it did."""

    id: str
    file_name: str
    failure: str


@dataclass(frozen=True)
class RemoteEmulator:
    """An emulator in another process."""

    control: Control
    kit_url: str
    headers: dict[str, str]


def create_uploading_emulator(**endpoints: str) -> EmulatorServer:
    """Return an emulator whose uploads are real."""
    return EmulatorServer(uploaders=real_uploaders(**endpoints))


def record(
    emulator: EmulatorServer | RemoteEmulator,
    *storages: dict[str, Any],
    layers: tuple[str, ...] = ("default",),
    status: str = "UPLOADED",
) -> FinishedRecording:
    """Record each layer to each storage until the end."""
    meeting = emulator.control.create_meeting(participants=1)
    outputs = [{"type": "STORAGE_CONFIG", "storage_config": storage} for storage in storages]
    body = {"meeting_id": meeting.id, "layers": {name: {"outputs": outputs} for name in layers}}
    url = f"{emulator.kit_url}/recordings"
    recording_id = str(_send_request("POST", f"{url}/track", emulator, body)["id"])
    emulator.control.wait_for(recording_id, "RECORDING")
    emulator.control.end_session(meeting.id)
    state = emulator.control.wait_for(recording_id, status, _TIMEOUT)
    data = _send_request("GET", f"{url}/{recording_id}", emulator)
    failure = state.events[-1].detail if status == "ERRORED" else ""
    return FinishedRecording(recording_id, str(data["output_file_name"]), failure)


def record_failure(
    emulator: EmulatorServer | RemoteEmulator, storage: dict[str, Any], *secrets: str
) -> str:
    """Return why a recording to this storage ends ERRORED, without the target.

    The secrets must not be in anything that the control API shows.
    """
    failure = record(emulator, storage, status="ERRORED").failure
    text = read_control_api(emulator.control)
    for secret in secrets:
        assert secret
        assert secret not in text
    return failure.partition(": ")[2]


def _send_request(
    method: str,
    url: str,
    emulator: EmulatorServer | RemoteEmulator,
    body: dict[str, Any] | None = None,
) -> dict[str, Any]:
    with requests.Session() as session:
        # The proxy in the environment is for the uploaders, which must not use it.
        session.trust_env = False
        response = session.request(method, url, json=body, headers=emulator.headers, timeout=5)
    assert response.status_code == 200, response.text
    data: dict[str, Any] = response.json()["data"]
    return data


def read_control_api(control: Control) -> str:
    """Return everything that the control API shows."""
    return "\n".join(map(repr, (control.events(), control.requests(), control.recordings())))


@contextmanager
def list_contacted_hosts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Yield the hosts that are looked up or connected to.

    The environment names a proxy that must not be used.
    """
    hosts: list[str] = []
    look_up, connect = socket.getaddrinfo, socket.socket.connect

    def recorded_look_up(host: Any, *arguments: Any, **options: Any) -> Any:
        hosts.append(str(host))
        return look_up(host, *arguments, **options)

    def recorded_connect(self: socket.socket, address: Any) -> None:
        hosts.append(str(address[0]))
        connect(self, address)

    with monkeypatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            patch.setenv(name, CLOSED)
            patch.setenv(name.lower(), CLOSED)
        for name in ("NO_PROXY", "no_proxy"):
            patch.delenv(name, raising=False)
        patch.setattr(socket, "getaddrinfo", recorded_look_up)
        patch.setattr(socket.socket, "connect", recorded_connect)
        yield hosts
