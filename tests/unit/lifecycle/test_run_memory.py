"""What the operations of one run tell each other."""

from __future__ import annotations

from realtimekit_provider.lifecycle.run_memory import RunMemory

HERE = ("account", "app", "meeting")
THERE = ("account", "app", "another")


def test_a_run_remembers_what_it_stopped_and_replaced() -> None:
    """Each recording by itself."""
    memory = RunMemory()
    memory.note_stopped("a")
    memory.note_replaced("b")
    assert [memory.was_stopped(one) for one in "ab"] == [True, False]
    assert [memory.is_replaced(one) for one in "ab"] == [False, True]


def test_a_recording_belongs_to_whoever_claimed_it_last() -> None:
    """One that nobody claimed belongs to whoever asks."""
    memory = RunMemory()
    assert not memory.belongs_to_another("a", "mine")
    memory.claim("a", "mine")
    memory.claim("a", "yours")
    assert memory.belongs_to_another("a", "mine")
    assert not memory.belongs_to_another("a", "yours")


def test_two_wishes_for_one_meeting_are_noticed() -> None:
    """Only of those who want a recording, and in the same account and app."""
    memory = RunMemory()
    assert list(memory.others_on_meeting(HERE, "one", wants_one=True)) == []
    assert list(memory.others_on_meeting(THERE, "two", wants_one=True)) == []
    assert list(memory.others_on_meeting(HERE, "stopped", wants_one=False)) == ["one"]
    assert list(memory.others_on_meeting(HERE, "three", wants_one=True)) == ["one"]


def test_a_resource_that_is_checked_again_is_not_its_own_rival() -> None:
    """A preview and a replacement check a resource several times, also with another meeting."""
    memory = RunMemory()
    memory.others_on_meeting(HERE, "one", wants_one=True)
    assert list(memory.others_on_meeting(HERE, "one", wants_one=True)) == []
    memory.others_on_meeting(THERE, "one", wants_one=True)
    assert list(memory.others_on_meeting(HERE, "two", wants_one=True)) == []


def test_a_place_that_two_own_is_noticed() -> None:
    """Not one that is somebody else's for one of them, nor one that has been left meanwhile."""
    memory = RunMemory()
    assert memory.note_place("one", HERE, owns=True) == []
    assert memory.note_place("one", HERE, owns=True) == []
    assert memory.note_place("guest", HERE, owns=False) == []
    assert memory.note_place("two", HERE, owns=True) == ["one"]
    memory.note_place("one", None, owns=True)
    assert memory.note_place("two", HERE, owns=True) == []


def test_a_place_is_known_to_have_others_at_it_or_below() -> None:
    """Whoever was noted elsewhere since then, or asks, is none of them."""
    memory = RunMemory()
    memory.note_place("one", HERE, owns=True)
    memory.note_place("guest", HERE, owns=False)
    memory.note_place("below", (*HERE, "team"), owns=True)
    assert memory.others_in_place(HERE, "one") == ["below", "guest"]
    assert memory.others_in_place((*HERE, "team"), "gone") == ["below"]
    memory.note_place("guest", THERE, owns=False)
    memory.note_place("below", None, owns=True)
    assert memory.others_in_place(HERE, "one") == []
    assert memory.others_in_place(HERE, "gone") == ["one"]
