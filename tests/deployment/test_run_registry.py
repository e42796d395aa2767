"""What the operations of one deployment tell each other."""

from __future__ import annotations

from realtimekit_provider.deployment.meeting_registry import MeetingKey
from realtimekit_provider.deployment.run_registry import RunRegistry

HERE = MeetingKey("account", "app", "meeting")
THERE = MeetingKey("account", "app", "another")


def test_stopped_and_replaced_recordings_are_remembered() -> None:
    """Each recording by itself."""
    registry = RunRegistry()
    registry.recordings.register_stopped("a")
    registry.recordings.register_replaced("b")
    assert [registry.recordings.is_stopped(one) for one in "ab"] == [True, False]
    assert [registry.recordings.is_replaced(one) for one in "ab"] == [False, True]


def test_a_recording_belongs_to_its_last_owner() -> None:
    """One without an owner belongs to whoever asks."""
    registry = RunRegistry()
    assert not registry.recordings.is_owned_by_another("a", "mine")
    registry.recordings.register_owner("a", "mine")
    registry.recordings.register_owner("a", "yours")
    assert registry.recordings.is_owned_by_another("a", "mine")
    assert not registry.recordings.is_owned_by_another("a", "yours")


def test_two_resources_with_one_meeting_are_found() -> None:
    """Only of those who want a recording, and in the same account and app."""
    registry = RunRegistry()
    assert list(registry.meetings.register_meeting(HERE, "one", wants_one=True)) == []
    assert list(registry.meetings.register_meeting(THERE, "two", wants_one=True)) == []
    assert list(registry.meetings.register_meeting(HERE, "stopped", wants_one=False)) == ["one"]
    assert list(registry.meetings.register_meeting(HERE, "three", wants_one=True)) == ["one"]


def test_a_resource_that_is_checked_again_is_no_duplicate_of_itself() -> None:
    """A preview and a replacement check a resource several times, also with another meeting."""
    registry = RunRegistry()
    registry.meetings.register_meeting(HERE, "one", wants_one=True)
    assert list(registry.meetings.register_meeting(HERE, "one", wants_one=True)) == []
    registry.meetings.register_meeting(THERE, "one", wants_one=True)
    assert list(registry.meetings.register_meeting(HERE, "two", wants_one=True)) == []


def test_those_without_the_recording_that_they_want_are_listed() -> None:
    """By the meeting, however its ids are written; not one that is only declared as stopped."""
    registry = RunRegistry().meetings
    registry.register_meeting(HERE, "created", wants_one=True)
    registry.register_meeting(HERE, "missing", wants_one=True)
    registry.register_meeting(HERE, "stopped", wants_one=False)
    registry.register_meeting(THERE, "elsewhere", wants_one=True)
    registry.register_deployed("created")
    assert registry.list_missing(HERE) == ["missing"]


def test_a_location_with_two_owners_is_found() -> None:
    """Not one that is somebody else's for one of them, nor one that has been left meanwhile."""
    registry = RunRegistry()
    assert registry.storage.register_location("one", HERE, owns=True) == []
    assert registry.storage.register_location("one", HERE, owns=True) == []
    assert registry.storage.register_location("guest", HERE, owns=False) == []
    assert registry.storage.register_location("two", HERE, owns=True) == ["one"]
    registry.storage.register_location("one", None, owns=True)
    assert registry.storage.register_location("two", HERE, owns=True) == []


def test_others_at_a_location_or_below_are_listed() -> None:
    """Whoever was registered elsewhere since then, or asks, is none of them."""
    registry = RunRegistry()
    registry.storage.register_location("one", HERE, owns=True)
    registry.storage.register_location("guest", HERE, owns=False)
    registry.storage.register_location("below", (*HERE, "team"), owns=True)
    assert registry.storage.list_others_at(HERE, "one") == ["below", "guest"]
    assert registry.storage.list_others_at((*HERE, "team"), "gone") == ["below"]
    registry.storage.register_location("guest", THERE, owns=False)
    registry.storage.register_location("below", None, owns=True)
    assert registry.storage.list_others_at(HERE, "one") == []
    assert registry.storage.list_others_at(HERE, "gone") == ["one"]


def test_the_meeting_that_a_resource_wants_is_that_of_its_last_declaration() -> None:
    """One that wants none, or is not declared, has none."""
    recordings = RunRegistry().recordings
    recordings.register_declared("one", HERE)
    recordings.register_declared("one", THERE)
    recordings.register_declared("two")
    wanted = [recordings.find_wanted_meeting(urn) for urn in ("one", "two", "three")]
    assert wanted == [THERE, None, None]
