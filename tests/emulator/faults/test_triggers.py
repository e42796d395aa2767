"""Which requests a fault affects."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_emulator import Control, ControlError
from tests.emulator.api_client import ApiClient


@pytest.mark.parametrize(
    ("trigger", "affected"),
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
def test_a_trigger_selects_requests_by_their_number(
    api: ApiClient, control: Control, trigger: dict[str, Any], affected: list[int]
) -> None:
    """They are counted from one since the fault was added."""
    fault = control.add_fault("status", status=503, **trigger)
    statuses = [api.get("recordings").status_code for _ in range(6)]
    assert [number + 1 for number, one in enumerate(statuses) if one == 503] == affected
    assert (fault.calls, fault.hits) == (6, len(affected))


def test_a_seed_makes_chance_repeatable(api: ApiClient, control: Control) -> None:
    """The same seed selects the same requests; another one selects others."""
    seen = []
    for seed in (7, 7, 8):
        fault = control.add_fault("status", probability=0.5, seed=seed)
        seen.append([api.get("recordings").status_code for _ in range(30)])
        fault.remove()
    assert seen[0] == seen[1] != seen[2]
    assert 5 < seen[0].count(503) < 25


@pytest.mark.parametrize(
    ("trigger", "affected"),
    [
        ({"route": "list_recordings"}, ["GET recordings"]),
        ({"route": "list_*"}, ["GET recordings", "GET meetings"]),
        ({"method": "post"}, ["POST meetings"]),
        ({"path": "*/recordings"}, ["GET recordings"]),
        ({"path": "*/meetings", "method": "GET"}, ["GET meetings"]),
        ({"route": "unknown"}, ["GET nowhere"]),
    ],
)
def test_a_trigger_selects_requests_by_route_method_and_path(
    api: ApiClient, control: Control, trigger: dict[str, Any], affected: list[str]
) -> None:
    """Only requests that match are affected, and only those are counted."""
    fault = control.add_fault("status", status=599, **trigger)
    requests = ["GET recordings", "GET meetings", "POST meetings", "GET nowhere"]
    assert [one for one in requests if api.send(*one.split()).status_code == 599] == affected
    assert fault.calls == len(affected)


def test_a_removed_fault_has_no_effect(api: ApiClient, control: Control) -> None:
    """One by one, or all together."""
    first = control.add_fault("status", status=502)
    control.add_fault("status", status=503)
    assert api.get("recordings").status_code == 502
    first.remove()
    assert api.get("recordings").status_code == 503
    control.clear_faults()
    assert api.get("recordings").status_code == 200
    assert control.faults() == []


def test_faults_are_listed_with_their_hits(api: ApiClient, control: Control) -> None:
    """The list shows its options and its hits; the request log names the fault."""
    control.add_fault("slow", seconds=0.0, nth=2)
    for _ in range(3):
        api.get("recordings")
    fault = control.faults()[0]
    assert (fault["kind"], fault["calls"], fault["hits"]) == ("slow", 3, 1)
    assert fault["spec"] == {"seconds": 0.0, "nth": [2]}
    assert [one.faults for one in control.requests()] == [[], ["slow"], []]


@pytest.mark.parametrize(
    ("kind", "spec", "text"),
    [
        ("earthquake", {}, "there is no fault 'earthquake'"),
        ("status", {"color": "red"}, "the fault 'status' has no option 'color'"),
        ("status", {"status": "503"}, "status: Input should be a valid integer"),
        ("status", {"effect": "during"}, "effect: Input should be 'before' or 'after'"),
        ("slow", {"seconds": -1}, "seconds: Input should be greater than or equal to 0"),
        ("slow", {"every": 1.5}, "every: Input should be a valid integer"),
    ],
)
def test_an_invalid_fault_is_refused(
    control: Control, kind: str, spec: dict[str, Any], text: str
) -> None:
    """The text says what is allowed."""
    with pytest.raises(ControlError, match=text):
        control.add_fault(kind, **spec)
