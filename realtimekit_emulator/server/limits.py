"""The published budgets of requests, each in a sliding window."""

from __future__ import annotations

import math
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from realtimekit_emulator.model.settings import Settings


class Limits:
    """Counts requests against three budgets.

    Recordings and RealtimeKit as a whole are budgets of everybody together, the API's is one per
    token. A refused request does not count. What would have been refused is counted even while
    nothing is enforced.
    """

    def __init__(self) -> None:
        self._spent: dict[str, deque[float]] = {}
        self.exceeded: dict[str, int] = {"recordings": 0, "kit": 0, "api": 0}
        self.most: dict[str, int] = {"recordings": 0, "kit": 0, "api": 0}

    def spend(self, token: str, *, recordings: bool, settings: Settings, now: float) -> int | None:
        """Spend one request; return the seconds to wait where a budget is used up."""
        budgets = [
            ("kit", "kit", settings.kit_budget, settings.kit_window),
            ("api", f"api {token}", settings.api_budget, settings.api_window),
        ]
        if recordings:
            window = settings.recordings_window
            budgets.insert(0, ("recordings", "recordings", settings.recordings_budget, window))
        waits = [self._wait(*budget, now) for budget in budgets]
        wait = max(waits)
        if wait > 0 and settings.enforce_limits:
            return max(1, math.ceil(wait))
        for name, key, _, _ in budgets:
            spent = self._spent[key]
            spent.append(now)
            self.most[name] = max(self.most[name], len(spent))
        return None

    def _wait(self, name: str, key: str, budget: int, window: float, now: float) -> float:
        spent = self._spent.setdefault(key, deque())
        while spent and spent[0] <= now - window:
            spent.popleft()
        if len(spent) < budget:
            return 0.0
        self.exceeded[name] += 1
        if not spent:
            return window
        return spent[len(spent) - budget] + window - now if budget else window
