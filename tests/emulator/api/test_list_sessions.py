"""The list of sessions: which are in it, in which order, on which page."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import Access, Control, EmulatorServer
from tests.emulator.api_client import ApiClient


def list_meetings(api: ApiClient, **query: Any) -> list[str]:
    """Return the meetings of the sessions on one page."""
    response = api.get("sessions", params=query)
    assert response.status_code == 200, response.text
    return [session["associated_id"] for session in response.json()["data"]["sessions"]]


@pytest.fixture
def meetings(frozen: Control) -> list[str]:
    """Return five meetings with a session each, a minute apart; the first session has ended."""
    ids = []
    for number in range(5):
        ids.append(frozen.create_meeting(participants=1, title=f"meeting {number}").id)
        frozen.advance(60)
    frozen.end_session(ids[0])
    return ids


def test_live_sessions_name_their_meetings(api: ApiClient, meetings: list[str]) -> None:
    """The newest first, and none that has ended."""
    assert list_meetings(api, status="LIVE") == meetings[:0:-1]
    assert list_meetings(api, status="ENDED") == meetings[:1]


def test_a_meeting_that_nobody_has_joined_has_no_session(api: ApiClient, frozen: Control) -> None:
    """It is in no list of sessions."""
    frozen.create_meeting()
    assert api.get("sessions").json() == {
        "success": True,
        "data": {"sessions": []},
        "paging": {"total_count": 0, "start_offset": 0, "end_offset": 0},
    }


def test_the_pages_of_live_sessions_are_the_whole_list(api: ApiClient, meetings: list[str]) -> None:
    """Each page says where it begins and ends, and how many there are; the last one is empty."""
    seen, offsets = [], []
    for number in (1, 2, 3):
        query = {"status": "LIVE", "per_page": 2, "page_no": number}
        seen.append(list_meetings(api, **query))
        paging = api.get("sessions", params=query).json()["paging"]
        offsets.append(tuple(paging[key] for key in ("start_offset", "end_offset")))
        assert paging["total_count"] == 4
    assert seen == [meetings[4:2:-1], meetings[2:0:-1], []]
    assert offsets == [(1, 2), (3, 4), (0, 0)]


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ({"sort_order": "ASC"}, [0, 1, 2, 3, 4]),
        ({"sort_by": "minutesConsumed"}, [0, 1, 2, 3, 4]),
        ({"sort_by": "createdAt"}, [4, 3, 2, 1, 0]),
        ({"search": "MEETING 3"}, [3]),
    ],
    ids=str,
)
def test_sessions_are_sorted_and_searched(
    api: ApiClient, meetings: list[str], query: dict[str, str], numbers: list[int]
) -> None:
    """By their age or by the minutes consumed, and by a part of the title."""
    assert list_meetings(api, **query) == [meetings[number] for number in numbers]


def test_a_meeting_narrows_the_list(api: ApiClient, meetings: list[str]) -> None:
    """associated_id is a filter too."""
    assert list_meetings(api, associated_id=meetings[2]) == [meetings[2]]
    assert list_meetings(api, associated_id=meetings[0], status="LIVE") == []


@pytest.mark.parametrize(
    "query",
    [{"per_page": 101}, {"per_page": 0}, {"page_no": 0}, {"status": "ALIVE"}, {"sort_by": "id"}],
    ids=str,
)
def test_a_wrong_query_is_refused(api: ApiClient, query: dict[str, Any]) -> None:
    """A page has a hundred sessions at most, and a filter is one of the known words."""
    assert api.get("sessions", params=query).status_code == 422


def test_sessions_of_another_app_are_not_listed() -> None:
    """Each app has a list of its own."""
    with EmulatorServer(access=Access(apps=("one", "two"))) as emulator:
        meeting = emulator.control.create_meeting(participants=1, app_id="two")
        client = ApiClient(emulator)
        assert list_meetings(client, status="LIVE") == []
        client.emulator.app_id = "two"
        assert list_meetings(client, status="LIVE") == [meeting.id]


@pytest.mark.parametrize(
    "path",
    ["meetings/M", "meetings/M/active-session", "recordings/active-recording/M"],
)
def test_a_meeting_that_does_not_exist_is_not_found(api: ApiClient, path: str) -> None:
    """In the words of a missing meeting, where one without a session has others."""
    response = api.get(path)
    assert response.status_code == 404
    assert response.json()["error"]["message"] == "Meeting not found"


def test_a_recording_of_a_meeting_that_does_not_exist_is_not_started(api: ApiClient) -> None:
    """A 404, not the conflict of an empty meeting."""
    assert api.send_start("M").status_code == 404
