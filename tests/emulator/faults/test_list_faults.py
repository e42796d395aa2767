"""Faults of the list of sessions, and of the pages of every list."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from realtimekit_emulator import Control
from tests.emulator.api_client import ApiClient


def list_live(api: ApiClient, **query: Any) -> list[str]:
    """Return the meetings of the live sessions on one page."""
    response = api.get("sessions", params={"status": "LIVE", **query})
    return [session["associated_id"] for session in response.json()["data"]["sessions"]]


def has_sessions(response: requests.Response) -> bool:
    """Return whether a response holds a list of sessions that is not empty."""
    try:
        return bool(response.json()["data"]["sessions"])
    except (KeyError, TypeError, ValueError):
        return False


def create_meetings(control: Control, count: int) -> list[str]:
    """Return meetings with somebody in them, the newest first."""
    meetings: list[str] = []
    for _ in range(count):
        meetings.insert(0, control.create_meeting(participants=1).id)
        control.advance(1)
    return meetings


def test_a_session_that_has_started_is_listed_some_seconds_later(
    api: ApiClient, frozen: Control
) -> None:
    """The meeting's own active session is known at once."""
    frozen.add_fault("session_lag", route="list_sessions", seconds=5)
    meeting = frozen.create_meeting(participants=1).id
    assert list_live(api) == []
    assert api.get(f"meetings/{meeting}/active-session").status_code == 200
    frozen.advance(5.1)
    assert list_live(api) == [meeting]


def test_a_session_that_has_ended_is_listed_for_some_seconds(
    api: ApiClient, frozen: Control
) -> None:
    """As it was: live, with the people who were in it."""
    meeting = frozen.create_meeting(participants=2).id
    frozen.advance(10)
    frozen.end_session(meeting)
    frozen.add_fault("session_lag", seconds=5)
    frozen.advance(1)
    entry = api.get("sessions").json()["data"]["sessions"][0]
    assert (entry["status"], entry["live_participants"], entry["ended_at"]) == ("LIVE", 2, None)
    frozen.advance(5)
    entry = api.get("sessions").json()["data"]["sessions"][0]
    assert (entry["status"], entry["live_participants"]) == ("ENDED", 0)
    assert entry["ended_at"] is not None


def test_a_session_is_listed_some_requests_later(api: ApiClient, frozen: Control) -> None:
    """Both ways, whatever the time."""
    frozen.add_fault("session_lag", route="list_sessions", requests=2)
    meeting = frozen.create_meeting(participants=1).id
    assert [list_live(api) for _ in range(3)] == [[], [], [meeting]]
    frozen.advance(1)
    frozen.end_session(meeting)
    frozen.advance(1)
    assert [list_live(api) for _ in range(3)] == [[meeting], [meeting], []]


def test_every_view_of_sessions_may_lag(api: ApiClient, frozen: Control) -> None:
    """The active session and the session itself, and a start is not affected."""
    meeting = frozen.create_meeting(participants=1)
    frozen.add_fault("session_lag", seconds=5)
    paths = (f"meetings/{meeting.id}/active-session", f"sessions/{meeting.session_id}")
    assert [api.get(path).status_code for path in paths] == [404, 404]
    assert api.send_start(meeting.id).status_code == 200
    frozen.advance(5.1)
    assert [api.get(path).status_code for path in paths] == [200, 200]


def test_a_page_may_be_smaller_than_asked_for(api: ApiClient, frozen: Control) -> None:
    """All pages together are the whole list, and its paging says how long that is."""
    meetings = create_meetings(frozen, 5)
    frozen.add_fault("small_pages", size=2)
    pages = [list_live(api, per_page=100, page_no=number) for number in (1, 2, 3)]
    assert pages == [meetings[:2], meetings[2:4], meetings[4:]]
    assert api.get("sessions", params={"per_page": 100}).json()["paging"] == {
        "total_count": 5,
        "start_offset": 1,
        "end_offset": 2,
    }


@pytest.mark.parametrize(
    ("effect", "second", "total"), [("repeat", slice(1, 3), 6), ("skip", slice(3, 5), 4)]
)
def test_an_entry_may_be_on_two_pages_or_on_none(
    api: ApiClient, frozen: Control, effect: str, second: slice, total: int
) -> None:
    """As where a session begins or ends between two pages."""
    meetings = create_meetings(frozen, 5)
    frozen.add_fault("shifted_pages", effect=effect)
    assert list_live(api, per_page=2) == meetings[:2]
    assert list_live(api, per_page=2, page_no=2) == meetings[second]
    response = api.get("sessions", params={"per_page": 2, "page_no": 2})
    assert response.json()["paging"] == {"total_count": total, "start_offset": 3, "end_offset": 4}


@pytest.mark.parametrize("kind", ["small_pages", "shifted_pages"])
@pytest.mark.parametrize("path", ["recordings", "meetings"])
def test_the_pages_of_other_lists_are_affected_too(
    api: ApiClient, frozen: Control, kind: str, path: str
) -> None:
    """Recordings and meetings."""
    for meeting in create_meetings(frozen, 12):
        api.start_recording(meeting)

    def list_pages() -> list[list[str]]:
        queries = [{"per_page": 11, "page_no": number} for number in (1, 2)]
        return [
            [one["id"] for one in api.get(path, params=query).json()["data"]] for query in queries
        ]

    whole = list_pages()
    frozen.add_fault(kind)
    first, second = list_pages()
    if kind == "small_pages":
        assert first == whole[0][:10]
        assert second == [whole[0][10], *whole[1]]
    else:
        assert first == whole[0]
        assert second == [whole[0][10], *whole[1]]


@pytest.mark.parametrize(
    ("kind", "options", "status"),
    [
        ("status", {"status": 503}, 503),
        ("status", {"status": 403}, 403),
        ("status", {"status": 404}, 404),
        ("not_success", {}, 200),
        ("empty_body", {}, 200),
        ("html_body", {}, 200),
        ("truncated_body", {}, 200),
        ("wrong_data", {"value": "null"}, 200),
        ("wrong_data", {"value": "object"}, 200),
        ("wrong_data", {"value": "list"}, 200),
        ("wrong_data", {"value": "text"}, 200),
    ],
)
def test_the_list_may_fail(
    api: ApiClient, control: Control, kind: str, options: dict[str, Any], status: int
) -> None:
    """Its response has no sessions, while the meeting's own active session is read."""
    meeting = control.create_meeting(participants=1).id
    control.add_fault(kind, route="list_sessions", **options)
    response = api.get("sessions", params={"status": "LIVE"})
    assert response.status_code == status
    assert not has_sessions(response)
    assert api.get(f"meetings/{meeting}/active-session").status_code == 200


def test_the_list_may_be_slow(api: ApiClient, control: Control) -> None:
    """A client that waits less long gets no response."""
    control.add_fault("slow", route="list_sessions", seconds=5)
    with pytest.raises(requests.Timeout):
        api.get("sessions", timeout=0.1)


def test_an_entry_of_the_list_may_have_no_meeting(api: ApiClient, control: Control) -> None:
    """A field that a client needs is null."""
    control.create_meeting(participants=1)
    control.add_fault("null_fields", route="list_sessions", fields=["associated_id"])
    assert list_live(api) == [None]
