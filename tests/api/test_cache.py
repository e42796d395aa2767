"""The status of many recordings at the price of a list."""

from __future__ import annotations

from realtimekit_provider.api.cache import UnfinishedCache
from realtimekit_provider.api.models.recording import Recording
from tests.example_values import build_recording
from tests.fakes import FakeClock


class Listing:
    """Lists one recording, and counts how often it was asked."""

    def __init__(self, clock: FakeClock | None = None, takes: float = 0.0) -> None:
        self.reads = 0
        self._clock = clock or FakeClock()
        self._takes = takes

    def __call__(self) -> list[Recording]:
        self.reads += 1
        self._clock.sleep(self._takes)
        return [build_recording("rec-1")]


def test_the_first_recordings_are_asked_for_one_by_one() -> None:
    """A small stack is cheaper that way."""
    listing = Listing()
    cache = UnfinishedCache(listing, FakeClock().now)
    assert [cache.get("rec-1") for _ in range(3)] == [None, None, None]
    assert listing.reads == 0


def test_all_others_share_one_list() -> None:
    """What is listed costs nothing more; what is not has to be asked for."""
    listing = Listing()
    cache = UnfinishedCache(listing, FakeClock().now)
    found = [cache.get("rec-1") for _ in range(10)]
    assert found[3:] == [build_recording("rec-1")] * 7
    assert cache.get("rec-2") is None
    assert listing.reads == 1


def test_an_old_list_is_read_again() -> None:
    """A long deployment does not rely on what was true at its start."""
    listing, clock = Listing(), FakeClock()
    cache = UnfinishedCache(listing, clock.now)
    for _ in range(4):
        cache.get("rec-1")
    clock.sleep(31)
    cache.get("rec-1")
    assert listing.reads == 2


def test_a_list_that_took_long_is_as_good_as_any() -> None:
    """It is not old because a limit was waited for on its way: every call would wait again."""
    clock = FakeClock()
    listing = Listing(clock, takes=45)
    cache = UnfinishedCache(listing, clock.now)
    for _ in range(10):
        cache.get("rec-1")
    assert listing.reads == 1
