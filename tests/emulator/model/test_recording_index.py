"""How long it takes to find recordings."""

from __future__ import annotations

import time

from realtimekit_emulator.model.recording import Layer, Output, Reason, StartRequest
from realtimekit_emulator.model.recording_index import RecordingQuery
from realtimekit_emulator.model.settings import FAST_SETTINGS
from realtimekit_emulator.model.state import EmulatorState


def create_state(meetings: int, recordings: int) -> EmulatorState:
    """Return a state in which every meeting was recorded many times."""
    state = EmulatorState(FAST_SETTINGS)
    reason, layers = Reason("API_CALL"), (Layer("default", (Output("REALTIMEKIT_BUCKET"),)),)
    rooms = [state.meetings.create("app", {}, 0) for _ in range(meetings)]
    for room in rooms:
        state.meetings.join(room, "anna", 0)
    for number in range(recordings):
        room = rooms[number % meetings]
        before = state.recordings.find_active(room)
        if before is not None:
            state.recordings.stop(before, reason, number)
        state.recordings.start(StartRequest(room, layers, reason), number)
    return state


def measure_reading(state: EmulatorState) -> float:
    """Return the seconds that this thread computes to read what clients read."""
    index, rooms = state.recordings.index, state.meetings.list_by_app("app")
    latest = index.find_latest()
    assert latest is not None
    start = time.thread_time()
    for _ in range(50):
        assert index.get(latest.id) is latest
        assert index.get_page("app", RecordingQuery(offset=5, size=10))[1] == len(index)
        assert index.get_page("app", RecordingQuery(0, 10, start=3.0, end=60.0))[1] == 58
        assert index.get_page("app", RecordingQuery(0, 5, meeting_id=rooms[0].id))[0]
        invoked = RecordingQuery(0, 5, statuses=frozenset({"INVOKED"}))
        assert len(index.get_page("app", invoked)[0]) == 5
        assert state.recordings.find_active(rooms[0]) is not None
    return time.thread_time() - start


def test_reading_does_not_take_longer_with_many_recordings() -> None:
    """A hundred times as many recordings are found in about the same time."""
    few, many = create_state(10, 100), create_state(10, 10_000)
    fastest = min(measure_reading(few) for _ in range(3))
    assert min(measure_reading(many) for _ in range(3)) < 5 * fastest
