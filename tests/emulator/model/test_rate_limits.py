"""The budgets of requests."""

from __future__ import annotations

import pytest

from realtimekit_emulator import Control
from realtimekit_emulator.model.rate_limits import RateLimits
from realtimekit_emulator.model.settings import Settings
from tests.emulator.api_client import ApiClient

ENFORCED = Settings(enforce_limits=True)


def spend(limits: RateLimits, times: int, now: float, token: str = "canary") -> list[int | None]:
    """Spend some requests to recordings at one time."""
    return [
        limits.spend(token, is_for_recordings=True, settings=ENFORCED, now=now)
        for _ in range(times)
    ]


def test_limits_are_not_enforced_by_default(api: ApiClient, control: Control) -> None:
    """What enforcement would have refused is counted anyway."""
    control.set(recordings_budget=2)
    assert {api.get("recordings").status_code for _ in range(5)} == {200}
    counts = control.counts()
    assert counts.exceeded["recordings"] == 3
    assert counts.most_in_window["recordings"] == 5


def test_requests_before_the_window_do_not_count(api: ApiClient, frozen: Control) -> None:
    """Four requests, two in each minute, are never more than two at a time."""
    frozen.set(recordings_budget=2)
    for _ in range(2):
        assert [api.get("recordings").status_code for _ in range(2)] == [200, 200]
        frozen.advance(61)
    counts = frozen.counts()
    assert counts.most_in_window["recordings"] == 2
    assert counts.exceeded["recordings"] == 0


@pytest.mark.parametrize("budget", ["recordings", "kit", "api"])
def test_a_used_up_budget_is_a_429_with_retry_after(
    api: ApiClient, frozen: Control, budget: str
) -> None:
    """The next request is accepted when the oldest one has left the window."""
    frozen.set(enforce_limits=True, **{f"{budget}_budget": 2, f"{budget}_window": 30.0})
    assert api.get("recordings").status_code == 200
    frozen.advance(10)
    assert api.get("recordings").status_code == 200
    refused = api.get("recordings")
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "20"
    assert refused.json()["success"] is False
    frozen.advance(19)
    assert api.get("recordings").status_code == 429
    frozen.advance(1.1)
    assert api.get("recordings").status_code == 200
    assert api.get("recordings").status_code == 429


def test_meetings_do_not_spend_the_budget_of_recordings(api: ApiClient, control: Control) -> None:
    """They only count for RealtimeKit and for the token."""
    control.set(enforce_limits=True, recordings_budget=1, kit_budget=4)
    assert [api.get("meetings").status_code for _ in range(3)] == [200] * 3
    assert [api.get("recordings").status_code for _ in range(2)] == [200, 429]


def test_the_published_budgets_are_the_defaults() -> None:
    """250 in ten seconds come first, then 1000 in a minute, then 1200 in five."""
    limits = RateLimits()
    assert spend(limits, 251, now=0) == [None] * 250 + [10]
    for step in range(1, 4):
        assert set(spend(limits, 250, now=step * 10.5)) == {None}
    assert spend(limits, 1, now=42) == [18]
    assert set(spend(limits, 200, now=61)) == {None}
    assert spend(limits, 1, now=80) == [220]


def test_tokens_have_budgets_of_their_own() -> None:
    """Only the budget of the API as a whole is one a token."""
    limits = RateLimits()
    settings = Settings(enforce_limits=True, api_budget=1)
    waits = [
        limits.spend(token, is_for_recordings=False, settings=settings, now=0)
        for token in ("canary-a", "canary-b", "canary-a")
    ]
    assert waits == [None, None, 300]
