"""Lists of recordings: what is in them, in which order, on which page."""

from __future__ import annotations

from itertools import chain, product
from typing import Any

import pytest

from realtimekit_emulator import Access, Control, EmulatorServer
from realtimekit_emulator.model.clock import format_iso
from tests.emulator.api_client import ApiClient


def list_ids(api: ApiClient, **query: Any) -> list[str]:
    """Return the ids of the recordings on one page."""
    response = api.get("recordings", params=query)
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["data"]]


@pytest.fixture
def five(api: ApiClient, frozen: Control) -> list[str]:
    """Return five recordings, a minute apart, the first stopped and the second paused."""
    frozen.set(invoked_seconds=1.0, upload_seconds=10.0)
    ids = []
    for number in range(5):
        meeting = frozen.create_meeting(participants=1, title=f"meeting {number}")
        ids.append(api.start_recording(meeting.id))
        frozen.advance(60)
    api.send_action(ids[0], "stop")
    api.send_action(ids[1], "pause")
    return ids


def test_the_newest_comes_first_unless_asked_otherwise(api: ApiClient, five: list[str]) -> None:
    """sort_order reverses the list."""
    assert list_ids(api) == five[::-1]
    assert list_ids(api, sort_by="invokedTime", sort_order="ASC") == five


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_pages_together_are_the_whole_list(api: ApiClient, five: list[str], order: str) -> None:
    """No entry is missing or repeated, and the page after the last one is empty."""
    pages = [list_ids(api, per_page=2, page_no=page, sort_order=order) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert list(chain(*pages)) == (five if order == "ASC" else five[::-1])


def test_paging_describes_the_page(api: ApiClient, five: list[str]) -> None:
    """Offsets count from 1; the total is of all pages."""
    paging = api.get("recordings", params={"per_page": 2, "page_no": 2}).json()["paging"]
    assert paging == {"total_count": len(five), "start_offset": 3, "end_offset": 4}
    paging = api.get("recordings", params={"page_no": 9}).json()["paging"]
    assert paging == {"total_count": 5, "start_offset": 0, "end_offset": 0}


@pytest.mark.parametrize(
    ("query", "indexes"),
    [
        ({"status": "UPLOADING"}, [0]),
        ({"status": ["PAUSED", "UPLOADING"]}, [1, 0]),
        ({"status": "PAUSED,UPLOADING"}, [1, 0]),
        ({"status[]": "PAUSED"}, [1]),
        ({"status": "UPLOADED"}, []),
        ({"search": "MEETING 3"}, [3]),
        ({"meeting_id": "unknown"}, []),
        ({"expired": "false"}, [4, 3, 2, 1, 0]),
        ({"expired": "true"}, []),
    ],
)
def test_filters_narrow_a_list(
    api: ApiClient, five: list[str], query: dict[str, Any], indexes: list[int]
) -> None:
    """The order of the list stays."""
    assert list_ids(api, **query) == [five[index] for index in indexes]


def test_a_range_of_times_includes_its_ends(
    api: ApiClient, five: list[str], frozen: Control
) -> None:
    """With any offset from UTC."""
    times = [frozen.recording(one).invoked_time for one in five]
    start, end = format_iso(times[1] - 0.001), format_iso(times[3] + 0.001)
    assert list_ids(api, start_time=start, end_time=end) == five[1:4][::-1]
    assert list_ids(api, start_time=start) == five[1:][::-1]
    assert list_ids(api, start_time=start.replace("Z", "+00:00")) == five[1:][::-1]


def test_filters_can_be_combined(api: ApiClient, five: list[str], frozen: Control) -> None:
    """Meeting, status and time in one query."""
    state = frozen.recording(five[1])
    query = {"meeting_id": state.meeting_id, "start_time": format_iso(state.invoked_time - 1)}
    assert list_ids(api, status="PAUSED", **query) == [five[1]]
    assert list_ids(api, status="RECORDING", **query) == []


def test_a_list_can_be_filtered_by_expiry(api: ApiClient, five: list[str], frozen: Control) -> None:
    """Seven days after its upload a recording has expired."""
    frozen.advance(10)
    frozen.advance(7 * 24 * 3600 + 1)
    assert five[0] in list_ids(api, expired="true")
    assert five[0] not in list_ids(api, expired="false")


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"status": "SLEEPING"}, "status"),
        ({"page_no": "0"}, "page_no"),
        ({"page_no": "x"}, "page_no"),
        ({"per_page": "101"}, "per_page"),
        ({"per_page": "0"}, "per_page"),
        ({"per_page": "1.5"}, "per_page"),
        ({"sort_by": "size"}, "sort_by"),
        ({"sort_order": "UP"}, "sort_order"),
        ({"start_time": "yesterday"}, "start_time"),
        ({"expired": "maybe"}, "expired"),
    ],
)
def test_a_wrong_query_is_refused(api: ApiClient, query: dict[str, str], text: str) -> None:
    """The parameter that is wrong is named."""
    response = api.get("recordings", params=query)
    assert response.status_code == 422
    assert f'"{text}"' in response.json()["error"]["message"]


def test_apps_do_not_see_each_other(api: ApiClient) -> None:
    """Recordings and meetings of one app are unknown to another one."""
    with EmulatorServer(access=Access(apps=("app-one", "app-two"))) as emulator:
        first = ApiClient(emulator)
        meeting = emulator.control.create_meeting(participants=1)
        recording_id = first.start_recording(meeting.id)
        emulator.app_id = "app-two"
        assert list_ids(first) == []
        assert list_ids(first, meeting_id=meeting.id) == []
        assert first.get(f"recordings/{recording_id}").status_code == 404
        assert first.send_start(meeting.id).status_code == 404
        emulator.app_id = "app-three"
        assert first.get("recordings").status_code == 404


@pytest.mark.parametrize(("per_page", "order"), list(product([1, 3, 7], ["ASC", "DESC"])))
def test_filtered_pages_agree_with_the_filtered_list(
    api: ApiClient, five: list[str], per_page: int, order: str
) -> None:
    """Whatever the page size, a filtered list read in pages is the filtered list."""
    all_at_once = list_ids(api, status="RECORDING", sort_order=order)
    pages = [
        list_ids(api, status="RECORDING", sort_order=order, per_page=per_page, page_no=page + 1)
        for page in range(5)
    ]
    assert sorted(all_at_once) == sorted(five[2:])
    assert list(chain(*pages)) == all_at_once
