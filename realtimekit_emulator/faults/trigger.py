"""Which calls a fault strikes."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from realtimekit_emulator.options import maybe_number, names, whole, words

if TYPE_CHECKING:
    from realtimekit_emulator.server.messages import Request


@dataclass
class Trigger:
    """A pattern of calls, and which of them count.

    Calls are counted from 1 since the rule was made. Conditions that are not given are met.
    """

    route: str = words("*", "name of the route; * and ? stand for anything")
    method: str = words("*", "HTTP method")
    path: str = words("*", "path of the request; * stands for anything")
    nth: tuple[int, ...] = names("numbers of the calls that are struck")
    first: int = whole(1, "the first call that is struck")
    last: float | None = maybe_number("the last call that is struck")
    every: int = whole(1, "strike every so many calls, from the first one on")
    probability: float | None = maybe_number("strike by chance, from 0 to 1")
    seed: int = whole(0, "seed of the chance")
    times: float | None = maybe_number("strike so often at most")
    calls: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Make the dice."""
        self._dice = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    def fires(self, call: Request) -> bool:
        """Count a call, and return whether it is struck."""
        if not self._matches(call):
            return False
        self.calls += 1
        if not self._chosen():
            return False
        self.hits += 1
        return True

    def _matches(self, call: Request) -> bool:
        return (
            fnmatchcase(call.route, self.route)
            and fnmatchcase(call.method, self.method.upper())
            and fnmatchcase(call.path, self.path)
        )

    def _chosen(self) -> bool:
        if self.times is not None and self.hits >= self.times:
            return False
        if self.nth and self.calls not in self.nth:
            return False
        if self.calls < self.first or (self.last is not None and self.calls > self.last):
            return False
        if self.every > 1 and (self.calls - self.first) % self.every:
            return False
        return self.probability is None or self._dice.random() < self.probability
