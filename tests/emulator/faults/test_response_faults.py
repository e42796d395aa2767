"""Faults that respond with errors, unreadable bodies, late, or not at all; on raw sockets."""

from __future__ import annotations

import json
import time
from contextlib import closing
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from realtimekit_emulator import Control, EmulatorServer
from tests.emulator.api_client import ApiClient
from tests.emulator.raw_connection import open_connection, read_response, send_request
from tests.polling import wait_until


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_an_error_is_sent_before_or_after_the_request_is_processed(
    api: ApiClient, control: Control, status: int, effect: str, recordings: int
) -> None:
    """The same status may mean that nothing was started, or that it was."""
    control.add_fault("status", route="start_track", status=status, effect=effect)
    response = api.send_start(control.create_meeting(participants=1).id)
    assert response.status_code == status
    assert response.json()["success"] is False
    assert "Retry-After" not in response.headers
    assert response.headers["cf-ray"]
    assert len(control.recordings()) == recordings


def test_a_good_token_may_be_called_malformed(api: ApiClient, control: Control) -> None:
    """Every request is refused before it is processed, in the same words as a malformed token."""
    refused = control.add_fault("invalid_headers", route="start_track")
    meeting = control.create_meeting(participants=1).id
    response = api.send_start(meeting)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, 6003)
    assert refused.hits == 1
    assert control.recordings() == []
    refused.remove()
    malformed = api.get("recordings", headers={"Authorization": 'Bearer "quoted"'})
    assert malformed.json() == response.json()


def test_retry_after_is_seconds_or_a_date(api: ApiClient, control: Control) -> None:
    """Both forms of HTTP, and the date is by the API's own clock."""
    control.add_fault("status", status=429, retry_after=7, nth=1)
    control.add_fault("status", status=503, retry_after=7, retry_after_form="date", nth=2)
    assert api.get("recordings").headers["Retry-After"] == "7"
    headers = api.get("recordings").headers
    later, now = (parsedate_to_datetime(headers[key]) for key in ("Retry-After", "Date"))
    assert (later - now).total_seconds() == pytest.approx(7, abs=1)


@pytest.mark.parametrize(("body", "start"), [("html", b"<!DOCTYPE"), ("empty", b"")])
def test_an_error_may_have_no_json(
    api: ApiClient, control: Control, body: str, start: bytes
) -> None:
    """Proxies send pages, or nothing."""
    control.add_fault("status", status=502, body=body)
    response = api.get("recordings")
    assert response.content[:9] == start
    assert ("html" in response.headers["Content-Type"]) == (body == "html")


@pytest.mark.parametrize(
    ("kind", "start"), [("empty_body", b""), ("html_body", b"<!DOCTYPE"), ("truncated_body", b"{")]
)
def test_a_success_may_have_no_readable_body(
    api: ApiClient, control: Control, kind: str, start: bytes
) -> None:
    """A 200 whose body is empty, a page, or JSON that stops in the middle."""
    control.add_fault(kind)
    response = api.get("recordings")
    assert (response.status_code, response.content[: len(start)]) == (200, start)
    with pytest.raises(requests.JSONDecodeError):
        response.json()


@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_an_empty_success_is_sent_before_or_after_the_request_is_processed(
    api: ApiClient, control: Control, effect: str, recordings: int
) -> None:
    """An empty 200 says nothing about whether the recording was started."""
    control.add_fault("empty_body", route="start_track", effect=effect)
    assert api.send_start(control.create_meeting(participants=1).id).content == b""
    assert len(control.recordings()) == recordings


def test_a_200_may_say_that_it_failed(api: ApiClient, control: Control) -> None:
    """Status and body contradict each other."""
    control.add_fault("not_success", message="canary")
    response = api.get("recordings")
    assert (response.status_code, response.json()["success"]) == (200, False)
    assert "canary" in response.text


@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_a_connection_is_cut_before_or_after_the_request_is_processed(
    api: ApiClient, control: Control, effect: str, recordings: int
) -> None:
    """The client gets no response, and the log has no status."""
    meeting = control.create_meeting(participants=1)
    control.add_fault("cut", route="start_track", effect=effect)
    with pytest.raises(requests.ConnectionError):
        api.send_start(meeting.id)
    assert len(control.recordings()) == recordings
    assert control.requests("start_track")[-1].status is None


def test_a_cut_is_a_tcp_reset(emulator: EmulatorServer) -> None:
    """The client gets ECONNRESET."""
    emulator.control.add_fault("cut")
    with closing(open_connection(emulator)) as connection:
        send_request(emulator, connection)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)


def test_a_connection_is_cut_in_the_middle_of_the_body(emulator: EmulatorServer) -> None:
    """Some bytes of the true body arrive, though the header promises all."""
    emulator.control.add_fault("cut", effect="after", after_bytes=22)
    head, body = read_response(emulator).split(b"\r\n\r\n", 1)
    assert body == b'{"success":true,"data"'
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    assert int(length.split(b":")[1]) > 22


@pytest.mark.parametrize("effect", ["before", "after"])
def test_a_cut_response_is_never_complete(effect: str, emulator: EmulatorServer) -> None:
    """However many bytes the fault sends, the last one is missing."""
    emulator.control.add_fault("cut", effect=effect, after_bytes=1_000_000)
    head, body = read_response(emulator).split(b"\r\n\r\n", 1)
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
    assert len(body) == int(length.split(b":")[1]) - 1


def test_a_response_may_never_end(emulator: EmulatorServer) -> None:
    """Bytes keep coming, so that a read timeout never expires, and the body never ends."""
    emulator.control.add_fault("drip", seconds=0.01)
    received = b""
    with closing(open_connection(emulator)) as connection:
        send_request(emulator, connection)
        while received.count(b"1\r\n \r\n") <= 10 and (chunk := connection.recv(4096)):
            received += chunk
    assert received.count(b"1\r\n \r\n") > 10
    assert b"0\r\n\r\n" not in received


@pytest.mark.parametrize(("effect", "recordings"), [("before", 0), ("after", 1)])
def test_a_response_may_be_late(
    emulator: EmulatorServer, control: Control, effect: str, recordings: int
) -> None:
    """A client that stops waiting does not know whether the recording was started.

    The request is processed all the same, at the latest when the fault is removed.
    """
    late = control.add_fault("slow", route="start_track", seconds=3600, effect=effect)
    body = {
        "meeting_id": control.create_meeting(participants=1).id,
        "layers": {"a": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}},
    }
    url = urlsplit(f"{emulator.kit_url}/recordings/track")
    with closing(HTTPConnection("127.0.0.1", url.port, timeout=0.1)) as client:
        client.request("POST", url.path, json.dumps(body), emulator.headers)
        wait_until(lambda: late.hits == 1)
        with pytest.raises(TimeoutError):
            client.getresponse()
    assert len(control.recordings()) == recordings
    late.remove()
    wait_until(lambda: len(control.recordings()) == 1)


def test_a_late_response_is_late_by_the_seconds_of_the_fault(
    api: ApiClient, control: Control
) -> None:
    """By real ones."""
    control.scale_time(0)
    control.add_fault("slow", seconds=0.1)
    assert api.get("recordings").elapsed.total_seconds() > 0.1


def test_a_reset_cuts_what_is_late(emulator: EmulatorServer, control: Control) -> None:
    """It counts for nothing afterwards, so no test meets a request of the one before it."""
    late = control.add_fault("slow", seconds=3600)
    with closing(open_connection(emulator)) as connection:
        send_request(emulator, connection)
        wait_until(lambda: late.hits == 1)
        control.reset()
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    assert set(control.counts().most_in_window.values()) == {0}


def is_refused(emulator: EmulatorServer) -> bool:
    try:
        open_connection(emulator).close()
    except ConnectionRefusedError:
        return True
    return False


def test_connections_are_refused_for_a_while(emulator: EmulatorServer, api: ApiClient) -> None:
    """The affected request is cut, the next connections are refused, later ones are accepted."""
    fault = emulator.control.add_fault("refuse", seconds=0.2, nth=2)
    assert api.get("recordings").status_code == 200
    began = time.monotonic()
    with pytest.raises(requests.ConnectionError):
        api.get("recordings")
    assert is_refused(emulator) or time.monotonic() - began > 0.2
    wait_until(lambda: not is_refused(emulator))
    assert api.get("recordings").status_code == 200
    assert fault.hits == 1
    assert emulator.control.counts().of("list_recordings") == 3
