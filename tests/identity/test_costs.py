"""What the identity costs: one resource a stack, and nothing for each recording."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.mocks import MockMonitor

from realtimekit_provider import TrackRecording
from realtimekit_provider.recordings import resource
from tests.example_values import MARK, MEETING
from tests.programs import Program

RECORDINGS = 200


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Collect what the engine is sent of each resource."""
    collected: list[Any] = []
    register = MockMonitor.RegisterResource

    def collect(monitor: MockMonitor, request: Any) -> Any:
        collected.append(request)
        return register(monitor, request)  # type: ignore[no-untyped-call]

    monkeypatch.setattr(MockMonitor, "RegisterResource", collect)
    return collected


def declare_recordings() -> None:
    for number in range(RECORDINGS):
        TrackRecording(f"recording-{number}", meeting_id=MEETING, layers={"default": {}})


def select_recordings(requests: list[Any]) -> list[Any]:
    return [one for one in requests if one.type.endswith(":TrackRecording")]


def test_many_recordings_share_one_registration_of_the_identity(requests: list[Any]) -> None:
    """Beside them there are the stack and its identity."""
    Program().run(declare_recordings)
    assert len(select_recordings(requests)) == RECORDINGS
    assert len(requests) == RECORDINGS + 2


def test_a_recording_depends_on_nothing(requests: list[Any]) -> None:
    """Each dependency would stand in the state, once for the resource and once for the mark."""
    Program().run(declare_recordings)
    for one in select_recordings(requests):
        assert list(one.dependencies) == []
        assert [list(urns.urns) for urns in one.propertyDependencies.values() if urns.urns] == []


def test_a_mark_is_sent_as_plain_text_is(
    requests: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the engine stores of a recording has not a byte more."""
    Program().run(declare_recordings)
    sent = sum(one.ByteSize() for one in select_recordings(requests))
    requests.clear()
    monkeypatch.setattr(resource, "mark_for_urn", lambda _: MARK)
    Program().run(declare_recordings)
    assert sent == sum(one.ByteSize() for one in select_recordings(requests))
