"""What many recordings cost: pages, not recordings."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.api.models.recording import Recording
from realtimekit_provider.errors import OutcomeUnknownError
from tests.api.api_caller import ApiCaller


def _start_recordings(control: Control, number: int) -> list[str]:
    return [
        control.start_recording(control.create_meeting(participants=1).id) for _ in range(number)
    ]


def _expect_anything(_found: Recording) -> bool:
    return True


@pytest.mark.parametrize(("recordings", "pages"), [(0, 1), (99, 1), (100, 2), (201, 3)])
def test_a_list_is_read_to_its_end(
    recordings: int, pages: int, caller: ApiCaller, control: Control
) -> None:
    """A page that is not full is the last one; every recording comes once."""
    started = _start_recordings(control, recordings)
    listed = [one.id for one in caller.api.list_unfinished()]
    assert sorted(listed) == sorted(started)
    assert control.counts().routes == {"list_recordings": pages}


def test_pages_may_be_smaller_than_asked_for(caller: ApiCaller, control: Control) -> None:
    """The total says that there are more; otherwise storage that is written to would be deleted."""
    started = _start_recordings(control, 25)
    control.add_fault("small_pages", size=10, route="list_recordings")
    assert sorted(one.id for one in caller.api.list_unfinished()) == sorted(started)
    assert control.counts().routes == {"list_recordings": 3}


def test_a_refresh_of_a_hundred_recordings_costs_five_calls(
    caller: ApiCaller, control: Control
) -> None:
    """The first three are asked for one by one, and then two pages hold all the others."""
    started = _start_recordings(control, 100)
    found = [caller.api.get_via_list(recording_id, _expect_anything) for recording_id in started]
    assert [one.id for one in found] == started
    assert control.counts().routes == {"get_recording": 3, "list_recordings": 2}


def test_a_recording_that_is_not_listed_is_asked_for(caller: ApiCaller, control: Control) -> None:
    """One that has ended costs a call of its own, and is not taken for gone."""
    started = _start_recordings(control, 8)
    control.force(started[-1], "UPLOADED")
    found = [caller.api.get_via_list(recording_id, _expect_anything) for recording_id in started]
    assert found[-1].status == "UPLOADED"
    assert control.counts().routes == {"get_recording": 4, "list_recordings": 1}


def test_a_recording_that_is_listed_otherwise_than_expected_is_asked_for(
    caller: ApiCaller, control: Control
) -> None:
    """A list may be late: it tells no news of a recording, the recording itself does."""
    started = _start_recordings(control, 8)
    for recording_id in started:
        caller.api.get_via_list(recording_id, lambda found: found.id != started[-1])
    assert control.counts().routes == {"get_recording": 4, "list_recordings": 1}


def test_the_newest_recordings_of_a_meeting_are_one_page(
    caller: ApiCaller, control: Control
) -> None:
    """Newest first, of any status, and of no other meeting."""
    _start_recordings(control, 2)
    meeting_id = control.create_meeting(participants=1).id
    started = []
    for _ in range(3):
        started.append(control.start_recording(meeting_id))
        control.force(started[-1], "UPLOADED")
    assert {one.id for one in caller.api.list_newest(meeting_id)} == set(started)
    assert control.counts().routes == {"list_recordings": 1}


def test_all_recordings_are_listed_newest_first(caller: ApiCaller, control: Control) -> None:
    """Of any status; of one meeting, or of those that were started after a time."""
    control.scale_time(0)
    oldest, meeting_id = _start_recordings(control, 1)[0], control.create_meeting(participants=1).id
    control.force(oldest, "UPLOADED")
    control.advance(60)
    middle = control.start_recording(meeting_id)
    control.advance(60)
    (newest,) = _start_recordings(control, 1)
    after = datetime.fromtimestamp(control.now() - 90, timezone.utc)
    for listed, expected in (
        (caller.api.list_all(), [newest, middle, oldest]),
        (caller.api.list_all(meeting_id), [middle]),
        (caller.api.list_all(started_after=after), [newest, middle]),
    ):
        recordings = list(listed)
        assert [one.id for one in recordings] == expected
        assert all(one.meeting_id for one in recordings)


def test_a_list_that_does_not_name_each_recording_is_no_list(
    caller: ApiCaller, control: Control
) -> None:
    """A gate or a rotation that believed it would delete what the unnamed ones write to.

    A refresh needs no whole list: it asks for what it does not find.
    """
    started = _start_recordings(control, 5)
    control.add_fault("missing_id", route="list_recordings")
    with pytest.raises(OutcomeUnknownError, match="does not name each of them"):
        list(caller.api.list_unfinished())
    assert [
        caller.api.get_via_list(recording_id, _expect_anything).id for recording_id in started
    ] == started


def test_only_a_clear_no_says_that_a_meeting_is_not_recorded(
    caller: ApiCaller, control: Control
) -> None:
    """An answer about a recording without an id is open: another start may be a second one."""
    meeting_id = control.create_meeting(participants=1).id
    assert caller.api.get_active(meeting_id) is None
    assert caller.api.list_newest(meeting_id) == []
    control.start_recording(meeting_id)
    control.add_fault("missing_id")
    with pytest.raises(OutcomeUnknownError, match="names no recording"):
        caller.api.get_active(meeting_id)
    with pytest.raises(OutcomeUnknownError, match="does not name each of them"):
        caller.api.list_newest(meeting_id)
