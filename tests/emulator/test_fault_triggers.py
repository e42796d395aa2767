"""Which calls a fault strikes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from realtimekit_emulator import ControlError

if TYPE_CHECKING:
    from realtimekit_emulator import Control

    from .conftest import Api


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 2}, [2]),
        ({"nth": [1, 4]}, [1, 4]),
        ({"first": 3}, [3, 4, 5, 6]),
        ({"first": 2, "last": 4}, [2, 3, 4]),
        ({"every": 3}, [1, 4]),
        ({"every": 2, "first": 2}, [2, 4, 6]),
        ({"times": 2}, [1, 2]),
        ({"probability": 0}, []),
        ({"probability": 1}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_rule_strikes_the_calls_it_names(
    api: Api, control: Control, rule: dict[str, Any], struck: list[int]
) -> None:
    """Calls are counted from one, since the fault was set."""
    fault = control.add_fault("status", status=503, **rule)
    statuses = [api.get("recordings").status_code for _ in range(6)]
    assert [number + 1 for number, one in enumerate(statuses) if one == 503] == struck
    assert (fault.calls, fault.hits) == (6, len(struck))


def test_chance_repeats_itself_with_its_seed(api: Api, control: Control) -> None:
    """The same seed strikes the same calls; another one strikes others."""
    seen = []
    for seed in (7, 7, 8):
        fault = control.add_fault("status", probability=0.5, seed=seed)
        seen.append([api.get("recordings").status_code for _ in range(30)])
        fault.remove()
    assert seen[0] == seen[1] != seen[2]
    assert 5 < seen[0].count(503) < 25


@pytest.mark.parametrize(
    ("rule", "struck"),
    [
        ({"route": "list_recordings"}, ["GET recordings"]),
        ({"route": "list_*"}, ["GET recordings", "GET meetings"]),
        ({"method": "post"}, ["POST meetings"]),
        ({"path": "*/recordings"}, ["GET recordings"]),
        ({"path": "*/meetings", "method": "GET"}, ["GET meetings"]),
        ({"route": "unknown"}, ["GET nowhere"]),
    ],
)
def test_a_rule_names_routes_or_methods_and_paths(
    api: Api, control: Control, rule: dict[str, Any], struck: list[str]
) -> None:
    """Only calls of the pattern are struck, and only those are counted."""
    fault = control.add_fault("status", status=599, **rule)
    calls = ["GET recordings", "GET meetings", "POST meetings", "GET nowhere"]
    assert [one for one in calls if api.call(*one.split()).status_code == 599] == struck
    assert fault.calls == len(struck)


def test_a_fault_that_is_removed_strikes_no_more(api: Api, control: Control) -> None:
    """One by one, or all together."""
    first = control.add_fault("status", status=502)
    control.add_fault("status", status=503)
    assert api.get("recordings").status_code == 502
    first.remove()
    assert api.get("recordings").status_code == 503
    control.clear_faults()
    assert api.get("recordings").status_code == 200
    assert control.faults() == []


def test_faults_are_listed_with_their_hits(api: Api, control: Control) -> None:
    """The list shows what was set and how often it struck; the log names the fault."""
    control.add_fault("slow", seconds=0.0, nth=2)
    for _ in range(3):
        api.get("recordings")
    listed = control.faults()[0]
    assert (listed["kind"], listed["calls"], listed["hits"]) == ("slow", 3, 1)
    assert listed["spec"] == {"seconds": 0.0, "nth": [2]}
    assert [one.faults for one in control.requests()] == [[], ["slow"], []]


@pytest.mark.parametrize(
    ("kind", "spec", "text"),
    [
        ("earthquake", {}, "there is no fault 'earthquake'"),
        ("status", {"color": "red"}, "the fault 'status' has no 'color'"),
        ("status", {"status": "503"}, "status must be a int"),
        ("status", {"effect": "during"}, "effect must be one of before, after"),
        ("slow", {"seconds": -1}, "seconds must not be negative"),
        ("slow", {"every": 1.5}, "every must be a int"),
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(
    control: Control, kind: str, spec: dict[str, Any], text: str
) -> None:
    """The text says what would make sense."""
    with pytest.raises(ControlError, match=text):
        control.add_fault(kind, **spec)
