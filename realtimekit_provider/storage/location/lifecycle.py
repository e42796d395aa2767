"""What is done to a location, the same for every cloud."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from realtimekit_provider.deployment.ports import Reporter
from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.errors import build_not_found_error
from realtimekit_provider.storage.backends.ports import LocationBackend, LocationClient
from realtimekit_provider.storage.location.on_delete import is_emptied_on_delete, require_keep
from realtimekit_provider.storage.location.ownership import (
    build_released_mark,
    claim_location,
    explain_mark,
    is_of_same_stack,
    is_released,
    require_own,
    require_unclaimed,
)

__all__ = [
    "DeleteOutcome",
    "FoundLocation",
    "create_location",
    "delete_location",
    "read_location",
    "update_location",
]

DeleteOutcome = Literal["deleted", "kept", "kept_unmarked", "left", "not_created"]
"""``kept``: it holds something, and stays, released; ``kept_unmarked``: it holds something and
stays, and can carry no mark that says so; ``left``: it is not this resource's; ``not_created``: it
can carry no mark, and was there before this stack."""


class FoundLocation(NamedTuple):
    """A location as it really is.

    Attributes:
        location: The location, with the settings that it has.
        is_released: Whether it says that whoever declares it next owns it, although the state
            owns it: the next deployment has to claim it before another stack does.
    """

    location: LocationModel
    is_released: bool = False


def create_location(
    backend: LocationBackend[Any], location: LocationModel, mark: str, reporter: Reporter
) -> bool:
    """Create the location as declared, or take over one that is this resource's or released.

    Returns:
        Whether it is this stack's from now on: it carries the mark, or this very run created it.

    Raises:
        StorageConflictError: It exists, and nothing says that it is this resource's.
        StorageNotFoundError: It is declared as existing, and does not exist.
        StorageError: The cloud refused it, or cannot be reached.
    """
    if location.is_left_to_gate:
        return False
    with backend.connect(location) as client:
        if location.existing:
            if not client.exists():
                raise build_not_found_error(client.about, existing=True)
            return False
        is_new = client.create(mark)
        claim_location(client, mark, reporter, is_new=is_new)
        client.apply_settings()
        require_unclaimed(client, mark)
        return is_new or client.is_markable


def read_location(
    backend: LocationBackend[Any], location: LocationModel, mark: str, reporter: Reporter
) -> FoundLocation | None:
    """Return the location as it really is, ``None`` where it does not exist.

    One that is no longer this resource's is reported: it will not be changed. One that is left to
    the gate is not looked at.
    """
    if location.is_left_to_gate:
        return FoundLocation(location)
    with backend.connect(location) as client:
        if not client.exists():
            return None
        if location.existing:
            return FoundLocation(location)
        found = client.read_mark() if client.is_markable else mark
        if warning := explain_mark(location.address, found, mark):
            reporter.warning(warning)
        return FoundLocation(client.read(), is_released(found))


def update_location(
    backend: LocationBackend[Any],
    location: LocationModel,
    mark: str,
    reporter: Reporter,
    *,
    was_existing: bool,
    was_owned: bool,
) -> bool:
    """Bring the location to what is declared.

    One that was declared as existing is claimed like one that is created; one that becomes so is
    released, unless it is left to the gate, which needs no administrator.

    Returns:
        Whether it is this stack's from now on, as :func:`create_location` does.

    Raises:
        StorageConflictError: It is not this resource's.
        StorageNotFoundError: It does not exist any more.
        StorageError: The cloud refused it, or cannot be reached.
    """
    if was_existing and not location.existing:
        return create_location(backend, location, mark, reporter)
    if was_existing or location.is_left_to_gate:
        return False
    with backend.connect(location) as client:
        if location.existing:
            _release(client, mark)
            return False
        is_owned = was_owned
        if client.exists():
            _reclaim(client, mark)
        elif client.is_markable:
            raise build_not_found_error(client.about, existing=False)
        else:
            is_owned = client.create(mark)
        client.apply_settings()
        return is_owned


def delete_location(
    backend: LocationBackend[Any], location: LocationModel, mark: str, *, is_owned: bool
) -> DeleteOutcome:
    """Delete the location as its ``on_delete`` says; that it is gone already is success.

    One that is kept is released, so that declaring it again brings it back. One that was never
    this stack's (not ``is_owned``) stays as it is.

    Raises:
        StorageConflictError: It is not this resource's.
        StorageNotEmptyError: It holds something, and ``on_delete`` is ``fail``.
        StorageError: The cloud refused it, or cannot be reached.
    """
    if location.existing:
        return "left"
    with backend.connect(location) as client:
        if not client.exists():
            return "deleted"
        if not is_owned:
            return "not_created"
        if not (client.is_removable() and _is_owner(client, mark)):
            return "left"
        content = None
        if is_emptied_on_delete(location.on_delete):
            client.delete_content()
        else:
            content = client.find_content()
        if content is None and client.delete():
            return "deleted"
        require_keep(client.about, location.on_delete, holds=client.holds, example=content or "")
        _release(client, mark)
        return "kept" if client.is_markable else "kept_unmarked"


def _is_owner(client: LocationClient[Any], mark: str) -> bool:
    """Not the owner is who released it, or whose bucket another resource of the stack has."""
    found = client.read_mark()
    if is_released(found) or (found != mark and is_of_same_stack(mark, found)):
        return False
    require_own(client, mark)
    return True


def _reclaim(client: LocationClient[Any], mark: str) -> None:
    """A run that was cut off after it released the location left it to the one that follows."""
    found = client.read_mark()
    if is_released(found):
        client.write_mark(mark, before=found)
    require_own(client, mark)


def _release(client: LocationClient[Any], mark: str) -> None:
    if client.is_markable and client.exists() and client.read_mark() == mark:
        client.write_mark(build_released_mark(mark), before=mark)
