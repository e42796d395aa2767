"""The list of live sessions, read tolerantly."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.session import parse_live_meetings

LIVE = {"id": "s1", "associated_id": "m1", "status": "LIVE"}
PAGES: dict[str, tuple[Any, list[str | None] | None]] = {
    "as documented": ({"sessions": [LIVE, {"associated_id": "m2"}]}, ["m1", "m2"]),
    "a list alone": ([LIVE], None),
    "an empty list": ({"sessions": []}, []),
    "the filter was ignored": ({"sessions": [{**LIVE, "status": "ENDED"}]}, [None]),
    "a session of no meeting": (
        {"sessions": [{"id": "s1"}, "s2", {"associated_id": 7}]},
        [None] * 3,
    ),
    "no payload": (None, None),
    "no list": ({"sessions": {"s1": LIVE}}, None),
    "a text": ("LIVE", None),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_names_the_meeting_of_each_session(name: str) -> None:
    """What is no live session of a meeting is kept apart from there being none."""
    data, meetings = PAGES[name]
    assert parse_live_meetings(data) == meetings
