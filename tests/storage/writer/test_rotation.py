"""When the generations of a writer's key are created and deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from realtimekit_provider.storage.writer.rotation import (
    list_removable_generations,
    retire_generation,
    validate_generation,
)
from tests.example_values import build_recording
from tests.fakes import NOON, format_time

PREVIOUS_KEYS = {"1": format_time(100), "2": format_time(200)}
"""The second generation was created at 100 s, the third one at 200 s."""


@pytest.mark.parametrize(
    ("wanted", "previous"), [(1, None), (7, None), (1, 1), (2, 1), (8, 7), (3, "not a number")]
)
def test_a_generation_may_stay_or_rise_by_one(wanted: int, previous: object) -> None:
    """A new writer may begin anywhere."""
    assert validate_generation(wanted, previous) is None


@pytest.mark.parametrize(
    ("wanted", "previous", "reason"),
    [
        (0, None, "must be a whole number from 1"),
        (-1, 1, "must be a whole number from 1"),
        (1.5, 1, "must be a whole number from 1"),
        ("2", 1, "must be a whole number from 1"),
        (True, None, "must be a whole number from 1"),
        (None, None, "must be a whole number from 1"),
        (3, 1, "must rise by one at a time: it was 1, so the next one is 2"),
        (1, 2, "must rise by one at a time: it was 2, so the next one is 3"),
    ],
)
def test_any_other_generation_is_refused(wanted: object, previous: object, reason: str) -> None:
    """Two at once would delete a key that recordings may still use; back, create one again."""
    assert validate_generation(wanted, previous) == reason


def test_a_rotation_stores_when_the_successor_was_created() -> None:
    assert retire_generation({}, 1, 2, NOON) == {"1": NOON.isoformat()}
    assert retire_generation({"1": format_time(0)}, 2, 3, NOON) == {
        "1": format_time(0),
        "2": NOON.isoformat(),
    }


def test_without_a_rotation_the_previous_keys_stay() -> None:
    """In a copy: what is stored is not changed behind the engine's back."""
    result = retire_generation(PREVIOUS_KEYS, 3, 3, NOON)
    assert result == PREVIOUS_KEYS
    assert result is not PREVIOUS_KEYS


def test_the_previous_generation_stays_until_the_next_rotation() -> None:
    """Though nothing is being recorded: what was read from the state may still be used."""
    assert list_removable_generations({}, 1, []) == []
    assert list_removable_generations({"1": format_time(100)}, 2, []) == []
    assert list_removable_generations(PREVIOUS_KEYS, 3, []) == [1]
    assert list_removable_generations({**PREVIOUS_KEYS, "3": format_time(300)}, 4, []) == [1, 2]


@pytest.mark.parametrize(("began", "removable"), [(0, []), (99, []), (100, []), (1000, [1])])
def test_a_live_recording_keeps_the_key_it_was_started_with(
    began: int, removable: list[int]
) -> None:
    """One that began before the successor existed cannot have been started with that."""
    live = [build_recording(status="RECORDING", invoked_time=format_time(began))]
    assert list_removable_generations(PREVIOUS_KEYS, 3, live) == removable


def test_the_started_time_counts_where_there_is_no_invoked_time() -> None:
    """Lists may leave out ``invoked_time``."""
    assert (
        list_removable_generations(PREVIOUS_KEYS, 3, [build_recording(started_time=format_time(0))])
        == []
    )
    assert list_removable_generations(
        PREVIOUS_KEYS, 3, [build_recording(started_time=format_time(1000))]
    ) == [1]


@pytest.mark.parametrize("times", [{}, {"invoked_time": "yesterday"}])
def test_a_recording_of_unknown_age_keeps_every_key(times: dict[str, Any]) -> None:
    assert list_removable_generations(PREVIOUS_KEYS, 3, [build_recording(**times)]) == []


def test_a_key_of_unknown_age_stays_while_anything_is_live() -> None:
    previous_keys = {"1": "once upon a time", "2": format_time(200)}
    assert (
        list_removable_generations(
            previous_keys, 3, [build_recording(invoked_time=format_time(1000))]
        )
        == []
    )
    assert list_removable_generations(previous_keys, 3, []) == [1]


def test_no_generation_is_removable_while_the_recordings_are_unknown() -> None:
    """As without a token, or without an app."""
    assert list_removable_generations(PREVIOUS_KEYS, 3, None) == []


@pytest.mark.parametrize("apart", [-599, 599])
def test_a_clock_that_differs_by_ten_minutes_costs_no_key(apart: int) -> None:
    """Starts have the API's time, and rotations may have the machine's."""
    began_before = build_recording(invoked_time=format_time(99 + apart))
    assert list_removable_generations(PREVIOUS_KEYS, 3, [began_before]) == []


@dataclass
class Keys:
    """A writer's keys in the cloud, and the recordings with the key of each, told by its start."""

    skew: float
    now: float = 0.0
    current: int = 1
    previous_keys: dict[str, str] = field(default_factory=dict)
    valid: set[int] = field(default_factory=lambda: {1})
    started_with: dict[float, int] = field(default_factory=dict)

    def deploy(self, wanted: int) -> None:
        """Do what a writer's update does."""
        self.valid.add(wanted)
        now = NOON + timedelta(seconds=self.now)
        self.previous_keys = retire_generation(self.previous_keys, self.current, wanted, now)
        live = [
            build_recording(invoked_time=format_time(began + self.skew))
            for began in self.started_with
        ]
        for generation in list_removable_generations(self.previous_keys, wanted, live):
            self.valid.remove(generation)
            del self.previous_keys[str(generation)]
        self.current = wanted


@given(
    st.lists(st.tuples(st.sampled_from(["rotate", "up", "start", "end"]), st.floats(0.01, 200))),
    st.floats(-59, 59),
)
@example([("start", 1), ("rotate", 1), ("rotate", 1)], 59)
def test_a_live_recording_never_loses_its_key(
    history: list[tuple[str, float]], skew: float
) -> None:
    """And when the last one has ended, a deployment leaves the current key and the one before."""
    keys = Keys(skew)
    for event, seconds in history:
        keys.now += seconds
        if event in {"rotate", "up"}:
            keys.deploy(keys.current + (event == "rotate"))
        elif event == "start":
            keys.started_with[keys.now] = keys.current
        elif keys.started_with:
            keys.started_with.pop(min(keys.started_with))
        assert set(keys.started_with.values()) <= keys.valid
    keys.started_with.clear()
    keys.deploy(keys.current)
    assert keys.valid == {max(1, keys.current - 1), keys.current}
