"""Whether a location surely cannot be created: asked before another one is deleted for it."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.deployment.storage_registry import LocationKey
from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageSettingsError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.errors import build_not_found_error
from realtimekit_provider.storage.backends.ports import LocationBackend
from realtimekit_provider.storage.location.ownership import require_claimable

__all__ = ["find_obstacle", "is_nested"]


def find_obstacle(
    backend: LocationBackend[Any], location: LocationModel, mark: str, *, is_freed: bool
) -> StorageError | None:
    """Return why a location surely cannot be created, by calls that change nothing.

    A credential of the environment that is rejected tells nothing: it may lack a right that asking
    needs, and creating does not.

    Args:
        backend: The backend of its type.
        location: The location that is to be created.
        mark: The mark of its resource.
        is_freed: Whether the deletion of what it replaces may free its name, so that it tells
            nothing that the name is taken now.

    Returns:
        The error that its creation would end with; ``None`` where that is not known.
    """
    try:
        _require_available(backend, location, mark)
    except StorageUnreachableError as error:
        return error
    except (StorageConflictError, StorageNotFoundError, StorageSettingsError) as error:
        return None if is_freed else error
    except StorageCredentialError as error:
        return error if location.declares_login else None
    except StorageError:
        return None
    return None


def is_nested(old: LocationKey | None, new: LocationKey | None) -> bool:
    """Whether two locations are the same by name, or one of them is a folder in the other."""
    if old is None or new is None:
        return False
    shared = min(len(old), len(new))
    return old[:shared] == new[:shared]


def _require_available(backend: LocationBackend[Any], location: LocationModel, mark: str) -> None:
    if location.is_left_to_gate:
        return
    with backend.connect(location) as client:
        exists = client.exists()
        if location.existing and not exists:
            raise build_not_found_error(client.about, existing=True)
        if exists and not location.existing:
            require_claimable(client, mark, is_new=False)
