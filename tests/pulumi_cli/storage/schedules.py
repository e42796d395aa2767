"""When a stack is destroyed, and what becomes of its recordings meanwhile; drawn by a seed."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SEEDS", "Moments", "moments_of"]

SEEDS = range(int(os.environ.get("DESTROYS", "2")))
"""Two in every run of the tests; ``DESTROYS=20`` makes it a campaign, as in `make faults`."""

_STORED = (("archive",), ("folder",), ("archive", "folder"))


@dataclass(frozen=True)
class Moments:
    """A world and a moment; seconds count from the end of the deployment.

    Attributes:
        invoked: Seconds that recordings take to begin.
        minimum: The length under which they are lost.
        upload: Seconds that their files take to land.
        destroyed: When the destroy begins.
        paused: The recordings that are paused at that moment.
        ended: When the sessions of other recordings end, before the destroy or amid it.
        stored: Where each recording is written to.
    """

    invoked: float
    minimum: float
    upload: float
    destroyed: float
    paused: frozenset[str]
    ended: Mapping[str, float]
    stored: Mapping[str, tuple[str, ...]]

    @property
    def world(self) -> dict[str, float]:
        """The emulator's settings."""
        return {
            "invoked_seconds": self.invoked,
            "minimum_seconds": self.minimum,
            "upload_seconds": self.upload,
        }


def moments_of(seed: int) -> Moments:
    """Draw a moment; at an even seed, recordings upload when the destroy begins."""
    drawn = random.Random(seed)
    invoked, minimum = drawn.choice([(0.05, 0.1), (0.3, 0.5), (1.0, 1.2)])
    safe = invoked + minimum
    destroyed = safe + drawn.uniform(0.3, 1.5) if seed % 2 == 0 else drawn.uniform(0, 2)
    ended = {f"ends_{number}": safe + drawn.uniform(0, 4) for number in range(3)}
    if seed % 2 == 0:
        ended["ends_before"] = destroyed - 0.1
    stay = [f"stays_{number}" for number in range(3)]
    return Moments(
        invoked=invoked,
        minimum=minimum,
        upload=drawn.uniform(1, 3),
        destroyed=destroyed,
        paused=frozenset(drawn.sample(stay, 1) if destroyed > safe else ()),
        ended=ended,
        stored={name: drawn.choice(_STORED) for name in (*stay, *ended)},
    )
