"""The published limits of requests, each in a sliding window."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

from realtimekit_emulator.model.settings import Settings


@dataclass(frozen=True)
class _Limit:
    """So many requests in so many seconds; ``key`` says whose requests are counted together."""

    name: str
    key: str
    budget: int
    window: float


class RateLimits:
    """Counts requests against three budgets.

    Those of recordings and of RealtimeKit as a whole are shared by all tokens, the API's is one
    per token. A refused request does not count. What would have been refused is counted even while
    nothing is enforced.

    Attributes:
        exceeded: How often a budget was, or would have been, exceeded: by ``recordings``, ``kit``
            and ``api``.
        most: The most requests that were in one window, by the same keys.
    """

    def __init__(self) -> None:
        self._spent: dict[str, deque[float]] = {}
        self.exceeded: dict[str, int] = {"recordings": 0, "kit": 0, "api": 0}
        self.most: dict[str, int] = {"recordings": 0, "kit": 0, "api": 0}

    def spend(
        self,
        token: str,
        *,
        is_for_recordings: bool,
        settings: Settings,
        now: float,
        is_for_kit: bool = True,
    ) -> int | None:
        """Count one request; return the seconds to wait where a budget is used up."""
        limits = _list_limits(token, settings, kit=is_for_kit, recordings=is_for_recordings)
        wait = max(self._get_wait(limit, now) for limit in limits)
        if wait > 0 and settings.enforce_limits:
            return max(1, math.ceil(wait))
        for limit in limits:
            spent = self._spent[limit.key]
            spent.append(now)
            self.most[limit.name] = max(self.most[limit.name], len(spent))
        return None

    def describe(
        self,
        token: str,
        *,
        is_for_recordings: bool,
        settings: Settings,
        now: float,
        is_for_kit: bool = True,
    ) -> dict[str, str]:
        """Return the headers that tell what is left of each budget that a request counts against.

        Keys: Ratelimit, Ratelimit-Policy.
        """
        limits = _list_limits(token, settings, kit=is_for_kit, recordings=is_for_recordings)
        left = [(limit, *self._get_remaining(limit, now)) for limit in limits]
        return {
            "Ratelimit": ", ".join(
                f'"{limit.name}";r={calls};t={seconds}' for limit, calls, seconds in left
            ),
            "Ratelimit-Policy": ", ".join(
                f'"{limit.name}";q={limit.budget};w={limit.window:.0f}' for limit in limits
            ),
        }

    def _get_remaining(self, limit: _Limit, now: float) -> tuple[int, int]:
        """Return the requests that are left, and the seconds until there are more."""
        spent = self._get_spent(limit, now)
        seconds = spent[0] + limit.window - now if spent else 0
        return max(0, limit.budget - len(spent)), math.ceil(seconds)

    def _get_spent(self, limit: _Limit, now: float) -> deque[float]:
        """Return the times of the requests in the window that ends now."""
        spent = self._spent.setdefault(limit.key, deque())
        while spent and spent[0] <= now - limit.window:
            spent.popleft()
        return spent

    def _get_wait(self, limit: _Limit, now: float) -> float:
        spent = self._get_spent(limit, now)
        if len(spent) < limit.budget:
            return 0.0
        self.exceeded[limit.name] += 1
        if not spent or not limit.budget:
            return limit.window
        return spent[len(spent) - limit.budget] + limit.window - now


def _list_limits(token: str, settings: Settings, *, kit: bool, recordings: bool) -> list[_Limit]:
    """Return the limits that a request counts against."""
    limits = [_Limit("api", f"api {token}", settings.api_budget, settings.api_window)]
    if kit:
        limits.append(_Limit("kit", "kit", settings.kit_budget, settings.kit_window))
    if recordings:
        budget, window = settings.recordings_budget, settings.recordings_window
        limits.append(_Limit("recordings", "recordings", budget, window))
    return limits
