"""Lists of recordings: what is in them, in which order, on which page."""

from __future__ import annotations

from itertools import chain, product
from typing import TYPE_CHECKING, Any

import pytest

from realtimekit_emulator import Access, EmulatorServer
from realtimekit_emulator.model.clock import iso

if TYPE_CHECKING:
    from realtimekit_emulator import Control

    from .conftest import Api


def listed(api: Api, **query: Any) -> list[str]:
    """Return the ids on one page."""
    response = api.get("recordings", params=query)
    assert response.status_code == 200, response.text
    return [one["id"] for one in response.json()["data"]]


@pytest.fixture
def five(api: Api, frozen: Control) -> list[str]:
    """Return five recordings, a minute apart, the first stopped and the second paused."""
    frozen.set(invoked_seconds=1.0, upload_seconds=10.0)
    ids = []
    for number in range(5):
        meeting = frozen.create_meeting(participants=1, title=f"meeting {number}")
        ids.append(api.started(meeting.id))
        frozen.advance(60)
    api.act(ids[0], "stop")
    api.act(ids[1], "pause")
    return ids


def test_the_newest_comes_first_unless_asked_otherwise(api: Api, five: list[str]) -> None:
    """sort_order turns the list around."""
    assert listed(api) == five[::-1]
    assert listed(api, sort_by="invokedTime", sort_order="ASC") == five


@pytest.mark.parametrize("order", ["ASC", "DESC"])
def test_pages_together_are_the_whole_list(api: Api, five: list[str], order: str) -> None:
    """No entry is missing or doubled, and behind the last page nothing comes."""
    pages = [listed(api, per_page=2, page_no=page, sort_order=order) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert list(chain(*pages)) == (five if order == "ASC" else five[::-1])


def test_paging_tells_where_a_page_is(api: Api, five: list[str]) -> None:
    """Offsets count from 1; the total is of all pages."""
    paging = api.get("recordings", params={"per_page": 2, "page_no": 2}).json()["paging"]
    assert paging == {"total_count": len(five), "start_offset": 3, "end_offset": 4}
    paging = api.get("recordings", params={"page_no": 9}).json()["paging"]
    assert paging == {"total_count": 5, "start_offset": 0, "end_offset": 0}


@pytest.mark.parametrize(
    ("query", "places"),
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
    api: Api, five: list[str], query: dict[str, Any], places: list[int]
) -> None:
    """Each filter lets through what it says, in the order of the list."""
    assert listed(api, **query) == [five[place] for place in places]


def test_times_are_limits_that_belong_to_the_range(
    api: Api, five: list[str], frozen: Control
) -> None:
    """Both ends of the range are in it, in any offset from UTC."""
    times = [frozen.recording(one).invoked_time for one in five]
    start, end = iso(times[1] - 0.001), iso(times[3] + 0.001)
    assert listed(api, start_time=start, end_time=end) == five[1:4][::-1]
    assert listed(api, start_time=start) == five[1:][::-1]
    assert listed(api, start_time=start.replace("Z", "+00:00")) == five[1:][::-1]


def test_filters_can_be_combined(api: Api, five: list[str], frozen: Control) -> None:
    """Meeting, status and time together are one question."""
    state = frozen.recording(five[1])
    query = {"meeting_id": state.meeting_id, "start_time": iso(state.invoked_time - 1)}
    assert listed(api, status="PAUSED", **query) == [five[1]]
    assert listed(api, status="RECORDING", **query) == []


def test_expired_recordings_are_told_from_others(
    api: Api, five: list[str], frozen: Control
) -> None:
    """Seven days after its upload a recording has expired."""
    frozen.advance(10)
    frozen.advance(7 * 24 * 3600 + 1)
    assert five[0] in listed(api, expired="true")
    assert five[0] not in listed(api, expired="false")


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
def test_a_wrong_query_is_refused(api: Api, query: dict[str, str], text: str) -> None:
    """The parameter that is wrong is named."""
    response = api.get("recordings", params=query)
    assert response.status_code == 422
    assert f'"{text}"' in response.json()["error"]["message"]


def test_apps_do_not_see_each_other(api: Api) -> None:
    """Recordings and meetings of one app are unknown to another one."""
    with EmulatorServer(access=Access(apps=("app-one", "app-two"))) as emulator:
        first = type(api)(emulator)
        meeting = emulator.control.create_meeting(participants=1)
        recording_id = first.started(meeting.id)
        emulator.app_id = "app-two"
        assert listed(first) == []
        assert listed(first, meeting_id=meeting.id) == []
        assert first.get(f"recordings/{recording_id}").status_code == 404
        assert first.start(meeting.id).status_code == 404
        emulator.app_id = "app-three"
        assert first.get("recordings").status_code == 404


@pytest.mark.parametrize(("per_page", "order"), list(product([1, 3, 7], ["ASC", "DESC"])))
def test_filtered_pages_agree_with_the_filtered_list(
    api: Api, five: list[str], per_page: int, order: str
) -> None:
    """Whatever the page size, a filtered list read in pages is the filtered list."""
    whole = listed(api, status="RECORDING", sort_order=order)
    pages = [
        listed(api, status="RECORDING", sort_order=order, per_page=per_page, page_no=page + 1)
        for page in range(5)
    ]
    assert sorted(whole) == sorted(five[2:])
    assert list(chain(*pages)) == whole
