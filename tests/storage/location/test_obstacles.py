"""Which refusal of a cloud says that a location surely cannot be created."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import pytest

from realtimekit_provider.errors import (
    MissingSdkError,
    StorageConflictError,
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.ports import LocationBackend, LocationClient
from realtimekit_provider.storage.location.inputs import (
    LocationInputs,
    apply_location_defaults,
    build_location_key,
)
from realtimekit_provider.storage.location.obstacles import find_obstacle, is_nested
from tests.storage.location.location_inputs import LOCATIONS

ALWAYS, UNLESS_FREED, OWN_LOGIN, NEVER = "always", "unless freed", "own login", "never"
REFUSALS: dict[type[StorageError], str] = {
    StorageUnreachableError: ALWAYS,
    StorageConflictError: UNLESS_FREED,
    StorageNotFoundError: UNLESS_FREED,
    StorageSettingsError: UNLESS_FREED,
    StorageCredentialError: OWN_LOGIN,
    MissingSdkError: NEVER,
}


class RefusingBackend(LocationBackend[Any]):
    """A cloud that answers every question with one error."""

    def __init__(self, error: StorageError) -> None:
        self.error = error

    def connect(self, location: Any) -> AbstractContextManager[LocationClient[Any]]:
        raise self.error


@pytest.mark.parametrize("refusal", REFUSALS)
@pytest.mark.parametrize("storage_type", ["aws", "sftp"])
@pytest.mark.parametrize("is_freed", [True, False])
def test_a_refusal_counts_where_no_deletion_and_no_other_credential_changes_it(
    refusal: type[StorageError], storage_type: str, *, is_freed: bool
) -> None:
    """An SFTP login is declared; a cloud's administrator may differ from who runs a preview."""
    location, mark = LocationInputs.from_props(LOCATIONS[storage_type])
    error = refusal("no")
    counts = {
        ALWAYS: True,
        UNLESS_FREED: not is_freed,
        OWN_LOGIN: storage_type == "sftp",
        NEVER: False,
    }[REFUSALS[refusal]]
    found = find_obstacle(RefusingBackend(error), location, mark, is_freed=is_freed)
    assert found is (error if counts else None)


def test_a_location_that_is_left_to_the_gate_is_not_asked_about() -> None:
    """Whoever deploys may have no administrator's credential for it."""
    given = {**LOCATIONS["aws"], "existing": True, "without_administrator": True}
    location, mark = LocationInputs.from_props(given)
    backend = RefusingBackend(StorageUnreachableError("no"))
    assert find_obstacle(backend, location, mark, is_freed=False) is None


@pytest.mark.parametrize(
    ("storage_type", "change", "expected"),
    [
        ("aws", {"region": "eu-west-1"}, True),
        ("aws", {"bucket": "others"}, False),
        ("gcs", {"project": "acme-dev"}, True),
        ("azure", {"account": "others"}, False),
        ("sftp", {"host": "sftp2.example.com"}, False),
        ("sftp", {"path": "/upload/a"}, True),
        ("sftp", {"path": "/"}, True),
        ("sftp", {"path": "/uploads"}, False),
    ],
)
def test_a_deletion_frees_its_own_name_and_what_is_in_its_folder(
    storage_type: str, change: dict[str, str], *, expected: bool
) -> None:
    """A bucket that moves to another region has its name until it is deleted."""
    before = apply_location_defaults(LOCATIONS[storage_type])
    keys = (build_location_key(before), build_location_key({**before, **change}))
    assert is_nested(*keys) is expected
    assert is_nested(*reversed(keys)) is expected
