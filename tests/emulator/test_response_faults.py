"""Faults that answer with errors, with rubbish, slowly, or not at all; on raw sockets."""

from __future__ import annotations

import socket
import time
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
import requests

if TYPE_CHECKING:
    from realtimekit_emulator import Control, EmulatorServer

    from .conftest import Api


def connect(emulator: EmulatorServer) -> socket.socket:
    """Connect to the emulated API."""
    port = urlsplit(emulator.origin).port
    return socket.create_connection(("127.0.0.1", port or 0), timeout=3)


def ask(emulator: EmulatorServer, connection: socket.socket) -> None:
    """Send a request for the list of recordings."""
    path = urlsplit(emulator.kit_url).path
    lines = (
        f"GET {path}/recordings HTTP/1.1",
        "Host: emulator",
        f"Authorization: Bearer {emulator.token}",
    )
    connection.sendall("\r\n".join([*lines, "", ""]).encode())


def received(emulator: EmulatorServer) -> bytes:
    """Return all bytes of one answer until the connection ends."""
    chunks = []
    with closing(connect(emulator)) as connection:
        ask(emulator, connection)
        while chunk := connection.recv(65536):
            chunks.append(chunk)
    return b"".join(chunks)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_an_error_comes_before_or_after_the_effect(
    api: Api, control: Control, status: int, effect: str, recordings: int
) -> None:
    """The same status may mean that nothing was started, or that it was."""
    control.add_fault("status", route="start_track", status=status, effect=effect)
    response = api.start(control.create_meeting(participants=1).id)
    assert response.status_code == status
    assert response.json()["success"] is False
    assert "Retry-After" not in response.headers
    assert response.headers["cf-ray"]
    assert len(control.recordings()) == recordings


def test_retry_after_is_seconds_or_a_date(api: Api, control: Control) -> None:
    """Both forms of HTTP, and the date is by the API's own clock."""
    control.add_fault("status", status=429, retry_after=7, nth=1)
    control.add_fault("status", status=503, retry_after=7, retry_after_form="date", nth=2)
    assert api.get("recordings").headers["Retry-After"] == "7"
    headers = api.get("recordings").headers
    later, now = (parsedate_to_datetime(headers[key]) for key in ("Retry-After", "Date"))
    assert (later - now).total_seconds() == pytest.approx(7, abs=1)


@pytest.mark.parametrize(("body", "start"), [("html", b"<!DOCTYPE"), ("empty", b"")])
def test_an_error_may_have_no_json(api: Api, control: Control, body: str, start: bytes) -> None:
    """Proxies answer pages, or nothing."""
    control.add_fault("status", status=502, body=body)
    response = api.get("recordings")
    assert response.content[:9] == start
    assert ("html" in response.headers["Content-Type"]) == (body == "html")


@pytest.mark.parametrize(
    ("kind", "start"), [("empty_body", b""), ("html_body", b"<!DOCTYPE"), ("truncated_body", b"{")]
)
def test_a_success_may_have_no_readable_body(
    api: Api, control: Control, kind: str, start: bytes
) -> None:
    """A 200 whose body is empty, a page, or JSON that stops in the middle."""
    control.add_fault(kind)
    response = api.get("recordings")
    assert (response.status_code, response.content[: len(start)]) == (200, start)
    with pytest.raises(requests.JSONDecodeError):
        response.json()


@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_an_unreadable_success_may_come_after_the_effect(
    api: Api, control: Control, effect: str, recordings: int
) -> None:
    """An empty 200 says nothing about whether the recording was started."""
    control.add_fault("empty_body", route="start_track", effect=effect)
    assert api.start(control.create_meeting(participants=1).id).content == b""
    assert len(control.recordings()) == recordings


def test_a_200_may_say_that_it_is_no_success(api: Api, control: Control) -> None:
    """Status and body contradict each other."""
    control.add_fault("not_success", message="canary")
    response = api.get("recordings")
    assert (response.status_code, response.json()["success"]) == (200, False)
    assert "canary" in response.text


@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_a_connection_is_cut_before_or_after_the_effect(
    api: Api, control: Control, effect: str, recordings: int
) -> None:
    """The client learns nothing, and the log has no status."""
    meeting = control.create_meeting(participants=1)
    control.add_fault("cut", route="start_track", effect=effect)
    with pytest.raises(requests.ConnectionError):
        api.start(meeting.id)
    assert len(control.recordings()) == recordings
    assert control.requests("start_track")[-1].status is None


def test_a_cut_is_a_reset_on_the_wire(emulator: EmulatorServer) -> None:
    """Not an orderly end: the other side gets ECONNRESET."""
    emulator.control.add_fault("cut")
    with closing(connect(emulator)) as connection:
        ask(emulator, connection)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_connection_is_cut_in_the_middle_of_the_body(emulator: EmulatorServer) -> None:
    """Some bytes of the true body arrive, though the header promises all."""
    emulator.control.add_fault("cut", effect="after", after_bytes=22)
    head, body = received(emulator).split(b"\r\n\r\n", 1)
    assert body == b'{"success":true,"data"'
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    assert int(length.split(b":")[1]) > 22


@pytest.mark.parametrize("effect", ["before", "after"])
def test_a_cut_answer_is_never_whole(effect: str, emulator: EmulatorServer) -> None:
    """However many bytes are asked for, the last one is missing."""
    emulator.control.add_fault("cut", effect=effect, after_bytes=1_000_000)
    head, body = received(emulator).split(b"\r\n\r\n", 1)
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    assert len(body) == int(length.split(b":")[1]) - 1


def test_an_answer_may_never_end(emulator: EmulatorServer) -> None:
    """Bytes keep coming, so that a read timeout never strikes, and the body never closes."""
    emulator.control.add_fault("drip", seconds=0.01)
    with closing(connect(emulator)) as connection:
        ask(emulator, connection)
        until = time.monotonic() + 0.3
        chunks = []
        while time.monotonic() < until:
            chunks.append(connection.recv(4096))
    assert all(chunks)
    assert b"".join(chunks).count(b"1\r\n \r\n") > 10
    assert b"0\r\n\r\n" not in b"".join(chunks)


@pytest.mark.parametrize("effect", ["before", "after"])
def test_an_answer_may_be_slow(api: Api, control: Control, effect: str) -> None:
    """A client that gives up does not know whether the effect came."""
    meeting = control.create_meeting(participants=1)
    control.add_fault("slow", route="start_track", seconds=0.3, effect=effect)
    with pytest.raises(requests.ReadTimeout):
        api.call(
            "POST",
            "recordings/track",
            json={
                "meeting_id": meeting.id,
                "layers": {"a": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}},
            },
            timeout=0.1,
        )
    assert len(control.recordings()) == (1 if effect == "after" else 0)


def test_connections_are_refused_until_told(emulator: EmulatorServer, api: Api) -> None:
    """Nobody listens, kept connections are cut, and the control API still answers."""
    assert api.get("recordings").status_code == 200
    emulator.control.refuse_connections()
    with pytest.raises(requests.ConnectionError):
        api.get("recordings")
    with pytest.raises(ConnectionRefusedError):
        connect(emulator)
    emulator.control.accept_connections()
    assert api.get("recordings").status_code == 200


def test_idle_connections_end_with_the_door(emulator: EmulatorServer) -> None:
    """As they would if the other machine had died: nobody has to ask first."""
    with closing(connect(emulator)) as connection:
        ask(emulator, connection)
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        emulator.control.refuse_connections()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_connections_are_refused_for_a_while(emulator: EmulatorServer, api: Api) -> None:
    """The call that is struck is cut, the next ones find nobody, later ones find the API."""
    fault = emulator.control.add_fault("refuse", seconds=0.2, nth=2)
    assert api.get("recordings").status_code == 200
    with pytest.raises(requests.ConnectionError):
        api.get("recordings")
    with pytest.raises(ConnectionRefusedError):
        connect(emulator)
    until = time.monotonic() + 2
    while time.monotonic() < until:
        try:
            assert api.get("recordings").status_code == 200
            break
        except requests.ConnectionError:
            time.sleep(0.02)
    assert fault.hits == 1
    assert emulator.control.counts().of("list_recordings") == 3


def test_a_reset_opens_the_door(emulator: EmulatorServer, api: Api) -> None:
    """No test leaves a shut door to the next one."""
    emulator.control.refuse_connections()
    emulator.control.reset()
    assert api.get("recordings").status_code == 200
