"""A location's whole life, as its controller leads it, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.ports import LocationBackend
from realtimekit_provider.storage.backends.registry import get_location_backend
from realtimekit_provider.storage.location.lifecycle import (
    DeleteOutcome,
    FoundLocation,
    create_location,
    delete_location,
    read_location,
    update_location,
)
from tests.fakes import FakeReporter

OWN_MARK = "rk0123456789abcdef"
OTHER_MARK = "rkfedcba9876543210"
"""The mark of a resource of another stack."""


@dataclass(frozen=True)
class Locations:
    """What the resource with ``mark`` does to locations of one type."""

    backend: LocationBackend[Any]
    mark: str = OWN_MARK
    reporter: FakeReporter = field(default_factory=FakeReporter)

    def create(self, location: LocationModel) -> bool:
        return create_location(self.backend, location, self.mark, self.reporter)

    def read(self, location: LocationModel) -> LocationModel | None:
        found = self.find(location)
        return found.location if found else None

    def find(self, location: LocationModel) -> FoundLocation | None:
        return read_location(self.backend, location, self.mark, self.reporter)

    def update(
        self, location: LocationModel, *, was_existing: bool | None = None, was_owned: bool = True
    ) -> bool:
        was = location.existing if was_existing is None else was_existing
        return update_location(
            self.backend,
            location,
            self.mark,
            self.reporter,
            was_existing=was,
            was_owned=was_owned,
        )

    def delete(self, location: LocationModel, *, is_owned: bool = True) -> DeleteOutcome:
        return delete_location(self.backend, location, self.mark, is_owned=is_owned)


def locations(storage_type: str, mark: str = OWN_MARK) -> Locations:
    """Return the locations of a type, as the resource with this mark sees them."""
    return Locations(get_location_backend(storage_type), mark)
