"""When a stack is destroyed, and what happens to its recordings meanwhile; drawn from a seed."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SEEDS", "Schedule", "draw_schedule"]

SEEDS = range(int(os.environ.get("DESTROYS", "2")))
"""Two in every run of the tests; ``DESTROYS=20`` makes it a campaign, as in `make faults`."""

_STORAGE = (("archive",), ("folder",), ("archive", "folder"))


@dataclass(frozen=True)
class Schedule:
    """What happens when; seconds count from the end of the deployment.

    Attributes:
        invoked_seconds: What recordings take to start.
        minimum_seconds: The length below which they are lost.
        upload_seconds: What the upload of their files takes.
        destroy_after: When the destroy starts.
        paused: The recordings that are paused at that time.
        session_ends: When the sessions of other recordings end, before the destroy or during it.
        storage: The names of the storage that each recording is written to.
    """

    invoked_seconds: float
    minimum_seconds: float
    upload_seconds: float
    destroy_after: float
    paused: frozenset[str]
    session_ends: Mapping[str, float]
    storage: Mapping[str, tuple[str, ...]]

    @property
    def emulator_settings(self) -> dict[str, float]:
        """The emulator's settings."""
        return {
            "invoked_seconds": self.invoked_seconds,
            "minimum_seconds": self.minimum_seconds,
            "upload_seconds": self.upload_seconds,
        }


def draw_schedule(seed: int) -> Schedule:
    """Draw a schedule; with an even seed, recordings upload when the destroy starts."""
    rng = random.Random(seed)
    invoked, minimum = rng.choice([(0.05, 0.1), (0.3, 0.5), (1.0, 1.2)])
    safe = invoked + minimum
    destroy_after = safe + rng.uniform(0.3, 1.5) if seed % 2 == 0 else rng.uniform(0, 2)
    session_ends = {f"ends_{number}": safe + rng.uniform(0, 4) for number in range(3)}
    if seed % 2 == 0:
        session_ends["ends_before"] = destroy_after - 0.1
    stay = [f"stays_{number}" for number in range(3)]
    return Schedule(
        invoked_seconds=invoked,
        minimum_seconds=minimum,
        upload_seconds=rng.uniform(1, 3),
        destroy_after=destroy_after,
        paused=frozenset(rng.sample(stay, 1) if destroy_after > safe else ()),
        session_ends=session_ends,
        storage={name: rng.choice(_STORAGE) for name in (*stay, *session_ends)},
    )
