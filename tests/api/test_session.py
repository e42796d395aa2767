"""Connections are kept: the calls of a run share one pool of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from realtimekit_emulator import Control
from tests.api.api_caller import ApiCaller

_PROVIDERS_WORKERS = 4


def _connections(control: Control) -> int:
    return len({request.port for request in control.requests()})


def test_calls_one_after_the_other_take_one_connection(caller: ApiCaller, control: Control) -> None:
    """Whatever they are: a start, an action, a read, a list, an answer that says no."""
    meeting_id = control.create_meeting(participants=1).id
    for _ in range(5):
        recording_id = caller.start(meeting_id).id
        caller.api.get(recording_id)
        list(caller.api.list_unfinished())
        caller.api.send_action(recording_id, "stop")
        assert caller.api.get_active(meeting_id) is None
    assert control.counts().total == 25
    assert _connections(control) == 1


def test_threads_take_no_more_connections_than_they_are(
    caller: ApiCaller, control: Control
) -> None:
    """Four calls at once, time and again: each connection is kept for the next four."""
    meeting_id = control.create_meeting(participants=1).id
    control.set(latency_seconds=0.01)
    with ThreadPoolExecutor(_PROVIDERS_WORKERS) as engine:
        for _ in range(25):
            list(engine.map(caller.api.get_active, [meeting_id] * _PROVIDERS_WORKERS))
    assert control.counts().total == 100
    assert _connections(control) <= _PROVIDERS_WORKERS
