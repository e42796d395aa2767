"""Which locations the resources of one deployment have, and since when its gates wait."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

from realtimekit_provider.errors import StorageError

__all__ = ["LocationKey", "StorageRegistry"]

LocationKey = tuple[str, ...]
"""What tells one location from all others, from its kind to the last part of its path."""


class StorageRegistry:
    """The storage locations of a deployment, and the keys that it found lost."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locations: dict[str, LocationKey] = {}
        self._owners: set[str] = set()
        self._obstacles: dict[str, StorageError | None] = {}
        self._first_wait: float | None = None
        self._lost_keys: list[dict[str, str]] = []
        self._doubtful_keys: list[dict[str, str]] = []

    def register_location(self, urn: str, key: LocationKey | None, *, owns: bool) -> list[str]:
        """Remember where a declared location is, and return who else would own that very one.

        Args:
            urn: The resource, of which the last call counts.
            key: Where it is; ``None`` while that is unknown.
            owns: False where the location is somebody else's, who may be another resource of
                this deployment.
        """
        with self._lock:
            self._locations.pop(urn, None)
            self._owners.discard(urn)
            if key is None:
                return []
            self._locations[urn] = key
            if not owns:
                return []
            self._owners.add(urn)
            return sorted(
                other for other in self._owners if other != urn and self._locations[other] == key
            )

    def list_others_at(self, key: LocationKey, urn: str) -> list[str]:
        """Return which other declared resources are at a location, or in a folder below it."""
        with self._lock:
            return sorted(
                other
                for other, location in self._locations.items()
                if other != urn and location[: len(key)] == key
            )

    def register_obstacle(self, urn: str, error: StorageError | None) -> None:
        """Remember why a location is not replaced, which is then an update that must fail.

        Args:
            urn: The resource, of which the last call counts.
            error: Why what is declared cannot be created; ``None`` where nothing is known of it.
        """
        with self._lock:
            self._obstacles[urn] = error

    def find_obstacle(self, urn: str) -> StorageError | None:
        """Return the error given to :meth:`register_obstacle`, ``None`` where there is none."""
        with self._lock:
            return self._obstacles.get(urn)

    def register_lost_key(self, credential: Mapping[str, str]) -> None:
        """Remember a credential that no longer works: its key was deleted, or has no rights."""
        with self._lock:
            self._lost_keys.append(dict(credential))

    def is_lost_key(self, storage_config: Mapping[str, Any]) -> bool:
        """Whether a ``storage_config`` has a credential given to :meth:`register_lost_key`."""
        with self._lock:
            return any(lost.items() <= storage_config.items() for lost in self._lost_keys)

    def register_doubtful_key(self, credential: Mapping[str, str]) -> None:
        """Remember a credential of which a refresh found that it, or its rights, were changed."""
        with self._lock:
            self._doubtful_keys.append(dict(credential))

    def is_doubtful_key(self, storage_config: Mapping[str, Any]) -> bool:
        """Whether a ``storage_config`` has one given to :meth:`register_doubtful_key`."""
        with self._lock:
            return any(one.items() <= storage_config.items() for one in self._doubtful_keys)

    def register_gate_wait(self, now: float) -> float:
        """Return when the first gate of this deployment started to wait: ``now`` for the first."""
        with self._lock:
            if self._first_wait is None:
                self._first_wait = now
            return self._first_wait
