"""The server: ports, connections, and what two servers share."""

from __future__ import annotations

from contextlib import closing

import pytest
import requests

from realtimekit_emulator import Control, EmulatorServer, Settings
from tests.emulator.api_client import ApiClient
from tests.emulator.raw_connection import open_connection, send_request


def test_latency_delays_every_response(api: ApiClient, control: Control) -> None:
    """In real seconds, so that it also works while time is frozen."""
    control.scale_time(0)
    control.set(latency_seconds=0.1)
    assert api.get("recordings").elapsed.total_seconds() > 0.1


def test_two_emulators_share_nothing() -> None:
    """Each has its own port, state and settings."""
    with EmulatorServer() as one, EmulatorServer(Settings(), upload_seconds=7.0) as other:
        one.control.create_meeting()
        assert other.control.meetings() == []
        assert one.origin != other.origin
        assert other.control.settings()["upload_seconds"] == 7
        assert other.control.settings()["minimum_seconds"] == 5


def test_a_stopped_emulator_releases_its_port() -> None:
    """Another one can use it, even while a client is still connected."""
    with EmulatorServer() as emulator:
        session = requests.Session()
        session.get(f"{emulator.kit_url}/recordings", headers=emulator.headers, timeout=5)
        port = int(emulator.origin.rsplit(":", 1)[1])
    with EmulatorServer(port=port) as again:
        assert again.origin == emulator.origin
    session.close()


def test_an_emulator_that_was_not_started_has_no_control() -> None:
    """The error says so."""
    with pytest.raises(RuntimeError, match="not been started"):
        _ = EmulatorServer().control


def test_connections_are_refused_until_they_are_accepted(
    emulator: EmulatorServer, api: ApiClient
) -> None:
    """Existing connections are cut, and the control API still responds."""
    assert api.get("recordings").status_code == 200
    emulator.control.refuse_connections()
    with pytest.raises(requests.ConnectionError):
        api.get("recordings")
    with pytest.raises(ConnectionRefusedError):
        open_connection(emulator)
    emulator.control.accept_connections()
    assert api.get("recordings").status_code == 200


def test_idle_connections_are_reset_when_connections_are_refused(emulator: EmulatorServer) -> None:
    """The client sees it without sending another request."""
    with closing(open_connection(emulator)) as connection:
        send_request(emulator, connection)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        emulator.control.refuse_connections()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_reset_accepts_connections_again(emulator: EmulatorServer, api: ApiClient) -> None:
    """So no test changes the network of the next one."""
    emulator.control.refuse_connections()
    emulator.control.reset()
    assert api.get("recordings").status_code == 200
