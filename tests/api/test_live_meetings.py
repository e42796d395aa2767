"""Who is in a meeting, asked of many meetings at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from realtimekit_emulator import Control
from realtimekit_provider.api.cache import LiveMeetingCache
from realtimekit_provider.errors import CallError, NotSentError, OutcomeUnknownError
from tests.api.api_caller import ApiCaller
from tests.fakes import FakeClock, make_call_error


def _create_meetings(control: Control, number: int, participants: int = 1) -> list[str]:
    return [control.create_meeting(participants=participants).id for _ in range(number)]


@pytest.mark.parametrize(("live", "pages"), [(0, 1), (99, 1), (201, 3)])
def test_one_list_answers_for_all_meetings(
    live: int, pages: int, caller: ApiCaller, control: Control
) -> None:
    """A call for each hundred live sessions, however many meetings are asked about."""
    meetings, empty = _create_meetings(control, live), _create_meetings(control, 20, 0)
    assert all(map(caller.api.is_anybody_in, meetings))
    assert not any(map(caller.api.is_anybody_in, empty))
    assert control.counts().routes == {"list_sessions": pages}


def test_all_threads_share_the_list(caller: ApiCaller, control: Control) -> None:
    """However many ask at the same moment."""
    (meeting,) = _create_meetings(control, 1)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(caller.api.is_anybody_in, [meeting] * 40))
    assert control.counts().routes == {"list_sessions": 1}


def test_pages_may_be_smaller_than_asked_for(caller: ApiCaller, control: Control) -> None:
    """Somebody on the last of them is seen."""
    meetings = _create_meetings(control, 7)
    control.add_fault("small_pages", size=3, route="list_sessions")
    assert all(map(caller.api.is_anybody_in, meetings))
    assert control.counts().routes == {"list_sessions": 3}


UNUSABLE: dict[str, dict[str, Any]] = {
    "an error of the server": {"kind": "status", "status": 503},
    "an unknown path": {"kind": "status", "status": 404},
    "a refusal": {"kind": "status", "status": 400},
    "another type": {"kind": "wrong_data", "value": "list"},
    "no list": {"kind": "wrong_data", "value": "null"},
    "no JSON": {"kind": "html_body"},
}


@pytest.mark.parametrize("fault", UNUSABLE)
def test_without_a_list_each_meeting_is_asked_for_once(
    fault: str, caller: ApiCaller, control: Control
) -> None:
    """An account may not have the list, or its response is not to be understood."""
    (meeting,), (empty,) = _create_meetings(control, 1), _create_meetings(control, 1, 0)
    control.add_fault(route="list_sessions", **UNUSABLE[fault])
    for _ in range(3):
        assert caller.api.is_anybody_in(meeting)
        assert not caller.api.is_anybody_in(empty)
    assert control.counts().of("active_session") == 2
    assert control.counts().of("list_sessions") <= 5


def test_an_old_list_is_read_again(caller: ApiCaller, control: Control) -> None:
    """A long deployment sees who comes meanwhile."""
    (meeting,) = _create_meetings(control, 1, 0)
    assert not caller.api.is_anybody_in(meeting)
    control.join(meeting)
    assert not caller.api.is_anybody_in(meeting)
    caller.clock.sleep(31)
    assert caller.api.is_anybody_in(meeting)


class _Api:
    """Answers no question, and counts them."""

    def __init__(self, of_list: CallError, of_meeting: CallError) -> None:
        self.calls = 0
        self._errors = (of_list, of_meeting)

    def list_live_meetings(self) -> list[str]:
        self.calls += 1
        raise self._errors[0]

    def has_session(self, _meeting_id: str) -> bool:
        self.calls += 1
        raise self._errors[1]


UNREACHABLE = [
    (make_call_error(NotSentError), 1),
    (make_call_error(OutcomeUnknownError), 2),
]


@pytest.mark.parametrize(("error", "calls"), UNREACHABLE)
def test_an_api_that_does_not_answer_is_not_asked_for_each_meeting(
    error: CallError, calls: int
) -> None:
    """A call may take two minutes: a preview of a thousand recordings must not wait for each."""
    api, clock = _Api(error, error), FakeClock()
    cache = LiveMeetingCache(api.list_live_meetings, api.has_session, clock.now)
    for number in range(20):
        with pytest.raises(type(error)):
            cache.is_anybody_in(f"meeting-{number}")
    assert api.calls == calls
    clock.sleep(31)
    with pytest.raises(type(error)):
        cache.is_anybody_in("meeting")
    assert api.calls == calls * 2
