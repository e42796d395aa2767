"""Which requests a fault affects."""

from __future__ import annotations

import random
from fnmatch import fnmatchcase
from typing import Any

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PrivateAttr, field_validator

from realtimekit_emulator.messages import Request
from realtimekit_emulator.options import Options


class Trigger(Options):
    """A pattern of requests, and which of them fire.

    Matching requests are counted from 1 since the fault was added. Conditions that are not given
    are met.
    """

    route: str = Field(default="*", description="name of the route; * and ? stand for anything")
    method: str = Field(default="*", description="HTTP method")
    path: str = Field(default="*", description="path of the request; * stands for anything")
    nth: tuple[NonNegativeInt, ...] = Field(
        default=(), description="the numbers of the affected requests"
    )
    first: NonNegativeInt = Field(default=1, description="the first affected request")
    last: NonNegativeFloat | None = Field(default=None, description="the last affected request")
    every: NonNegativeInt = Field(
        default=1, description="affect one request in so many, from the first one on"
    )
    probability: NonNegativeFloat | None = Field(
        default=None, description="affect a request with this probability, from 0 to 1"
    )
    seed: NonNegativeInt = Field(default=0, description="seed of the random numbers")
    times: NonNegativeFloat | None = Field(
        default=None, description="affect at most so many requests"
    )
    _random: random.Random = PrivateAttr()
    _calls: int = PrivateAttr(default=0)
    _hits: int = PrivateAttr(default=0)

    @field_validator("nth", mode="before")
    @classmethod
    def _accept_list_or_number(cls, value: Any) -> Any:
        if isinstance(value, list):
            return tuple(value)
        return (value,) if isinstance(value, int) else value

    def model_post_init(self, context: Any, /) -> None:
        """Create the source of random numbers."""
        super().model_post_init(context)
        self._random = random.Random(self.seed)  # noqa: S311 - repeatable on purpose

    @property
    def calls(self) -> int:
        """Return how many requests matched the pattern."""
        return self._calls

    @property
    def hits(self) -> int:
        """Return how many requests were affected."""
        return self._hits

    def fires(self, request: Request) -> bool:
        """Count a request, and return whether it is affected."""
        if not self._matches(request):
            return False
        self._calls += 1
        if not self._is_affected():
            return False
        self._hits += 1
        return True

    def _matches(self, request: Request) -> bool:
        return (
            fnmatchcase(request.route, self.route)
            and fnmatchcase(request.method, self.method.upper())
            and fnmatchcase(request.path, self.path)
        )

    def _is_affected(self) -> bool:
        if self.times is not None and self._hits >= self.times:
            return False
        if self.nth and self._calls not in self.nth:
            return False
        if self._calls < self.first or (self.last is not None and self._calls > self.last):
            return False
        if self.every > 1 and (self._calls - self.first) % self.every:
            return False
        return self.probability is None or self._random.random() < self.probability
