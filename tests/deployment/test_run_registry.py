"""What the operations of one run tell each other."""

from __future__ import annotations

from realtimekit_provider.deployment.run_registry import RunRegistry

HERE = ("account", "app", "meeting")
THERE = ("account", "app", "another")


def test_a_run_remembers_what_it_stopped_and_replaced() -> None:
    """Each recording by itself."""
    registry = RunRegistry()
    registry.register_stopped("a")
    registry.register_replaced("b")
    assert [registry.is_stopped(one) for one in "ab"] == [True, False]
    assert [registry.is_replaced(one) for one in "ab"] == [False, True]


def test_a_recording_belongs_to_whoever_claimed_it_last() -> None:
    """One that nobody claimed belongs to whoever asks."""
    registry = RunRegistry()
    assert not registry.is_claimed_by_another("a", "mine")
    registry.claim("a", "mine")
    registry.claim("a", "yours")
    assert registry.is_claimed_by_another("a", "mine")
    assert not registry.is_claimed_by_another("a", "yours")


def test_two_wishes_for_one_meeting_are_noticed() -> None:
    """Only of those who want a recording, and in the same account and app."""
    registry = RunRegistry()
    assert list(registry.others_on_meeting(HERE, "one", wants_one=True)) == []
    assert list(registry.others_on_meeting(THERE, "two", wants_one=True)) == []
    assert list(registry.others_on_meeting(HERE, "stopped", wants_one=False)) == ["one"]
    assert list(registry.others_on_meeting(HERE, "three", wants_one=True)) == ["one"]


def test_a_resource_that_is_checked_again_is_not_its_own_rival() -> None:
    """A preview and a replacement check a resource several times, also with another meeting."""
    registry = RunRegistry()
    registry.others_on_meeting(HERE, "one", wants_one=True)
    assert list(registry.others_on_meeting(HERE, "one", wants_one=True)) == []
    registry.others_on_meeting(THERE, "one", wants_one=True)
    assert list(registry.others_on_meeting(HERE, "two", wants_one=True)) == []


def test_a_place_that_two_own_is_noticed() -> None:
    """Not one that is somebody else's for one of them, nor one that has been left meanwhile."""
    registry = RunRegistry()
    assert registry.register_location("one", HERE, owns=True) == []
    assert registry.register_location("one", HERE, owns=True) == []
    assert registry.register_location("guest", HERE, owns=False) == []
    assert registry.register_location("two", HERE, owns=True) == ["one"]
    registry.register_location("one", None, owns=True)
    assert registry.register_location("two", HERE, owns=True) == []


def test_a_place_is_known_to_have_others_at_it_or_below() -> None:
    """Whoever was noted elsewhere since then, or asks, is none of them."""
    registry = RunRegistry()
    registry.register_location("one", HERE, owns=True)
    registry.register_location("guest", HERE, owns=False)
    registry.register_location("below", (*HERE, "team"), owns=True)
    assert registry.others_at_location(HERE, "one") == ["below", "guest"]
    assert registry.others_at_location((*HERE, "team"), "gone") == ["below"]
    registry.register_location("guest", THERE, owns=False)
    registry.register_location("below", None, owns=True)
    assert registry.others_at_location(HERE, "one") == []
    assert registry.others_at_location(HERE, "gone") == ["one"]
