"""The control API of the requests that the emulator received."""

from __future__ import annotations

from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
import requests

from realtimekit_emulator import Control, ControlError
from tests.emulator.api_client import ApiClient

CANARY = "canary-secret"
STORAGE = {"type": "aws", "access_key": CANARY, "secret": CANARY, "bucket": "b", "region": "r"}
OUTPUTS = [{"type": "STORAGE_CONFIG", "storage_config": STORAGE}]


def test_requests_are_listed_without_secrets(api: ApiClient, control: Control) -> None:
    """Method, path, query, route and status; the secrets of the body are redacted."""
    api.start_recording(control.create_meeting(participants=1).id, outputs=OUTPUTS)
    api.get("recordings", params={"status": "INVOKED"})
    start, listing = control.requests()
    assert (start.method, start.route, start.status) == ("POST", "start_track", 200)
    storage = start.body["layers"]["default"]["outputs"][0]["storage_config"]
    assert storage == {**STORAGE, "access_key": "[redacted]", "secret": "[redacted]"}
    assert (listing.query, listing.body) == ([("status", "INVOKED")], None)
    raw = requests.get(f"{api.emulator.origin}/_emulator/requests", timeout=5)
    assert CANARY not in raw.text
    assert api.emulator.token not in raw.text


def test_the_body_of_one_request_can_be_read(api: ApiClient, control: Control) -> None:
    """With its secrets, unless keep_bodies is off."""
    meeting = control.create_meeting(participants=1)
    api.start_recording(meeting.id, outputs=OUTPUTS)
    entry = control.requests("start_track")[0]
    assert CANARY.encode() in control.request_body(entry.number)
    with pytest.raises(ControlError):
        control.request_body(999)
    control.set(keep_bodies=False)
    api.send_start(meeting.id, outputs=OUTPUTS)
    assert control.request_body(control.requests()[-1].number) == b""


def test_a_request_whose_body_comes_late_keeps_its_own_body(
    api: ApiClient, control: Control
) -> None:
    """A request that overtakes it on another connection has the lower number."""
    body = b'{"meeting_id": "late"}'
    url = urlsplit(f"{api.emulator.kit_url}/recordings/track")
    with closing(HTTPConnection("127.0.0.1", url.port, timeout=5)) as late:
        late.putrequest("POST", url.path)
        late.putheader("Content-Length", str(len(body)))
        late.endheaders(body[:5])
        api.get("recordings")
        late.send(body[5:])
        late.getresponse().close()
    overtaking, overtaken = control.requests()
    assert (overtaking.method, overtaken.method) == ("GET", "POST")
    assert overtaking.number < overtaken.number
    assert control.request_body(overtaken.number) == body


def test_requests_can_be_filtered_by_route_and_number(api: ApiClient, control: Control) -> None:
    """Those to one route, or those after a number."""
    for path in ("recordings", "meetings", "recordings"):
        api.get(path)
    first = control.requests()[0]
    assert [one.route for one in control.requests(after=first.number)] == [
        "list_meetings",
        "list_recordings",
    ]
    assert len(control.requests("list_recordings")) == 2


def test_requests_over_one_connection_share_its_port(api: ApiClient, control: Control) -> None:
    """A new connection has another port."""
    for session in (api.session, api.session, requests):
        session.get(f"{api.emulator.kit_url}/recordings", headers=api.emulator.headers, timeout=5)
    first, again, other = (one.port for one in control.requests())
    assert first == again != other


def test_a_body_that_is_not_json_is_not_shown(api: ApiClient, control: Control) -> None:
    """It could hold anything."""
    api.send("POST", "recordings/track", data=f"secret={CANARY}")
    assert control.requests()[0].body == "[20 bytes that are not JSON]"


def test_requests_are_counted_by_route(api: ApiClient, control: Control) -> None:
    """Those to a path without a route are counted as unknown."""
    for path in ("recordings", "recordings", "nowhere"):
        api.get(path)
    counts = control.counts()
    assert (counts.of("list_recordings"), counts.of("unknown"), counts.total) == (2, 1, 3)
