"""Whether a location is this resource's: its mark decides, and never its name."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.deployment.mark import is_of_same_identity
from realtimekit_provider.errors import StorageConflictError
from realtimekit_provider.storage.backends.ports import LocationClient

__all__ = ["RELEASED", "claim", "is_of_same_stack", "require_own"]

RELEASED = "released"
"""The mark of a location that was kept when its resource was deleted: whoever declares it next
owns it."""

_USE_IT_AS_IT_IS = "Declare it with 'existing: true', and it is used without being changed"


def is_of_same_stack(mark: str, found: str | None) -> bool:
    """Whether a mark that was found is this resource's, or another one's of the same stack."""
    return bool(mark and found) and is_of_same_identity(mark, str(found))


def claim(client: LocationClient[Any], mark: str, *, is_new: bool) -> None:
    """Make a location this resource's, before anything else of it is changed.

    One that another resource of the same stack owns was renamed: no two of one program may
    declare the same location.

    Args:
        client: The location, which exists.
        mark: The resource's mark.
        is_new: Whether this very run created it.

    Raises:
        StorageConflictError: It is somebody else's, as far as anybody can tell.
    """
    if not client.can_be_marked:
        if not is_new:
            _require_empty(client)
        return
    found = client.read_mark()
    if found == mark:
        return
    is_unmarked = found is None and (is_new or client.is_leftover())
    if not (is_unmarked or found == RELEASED or is_of_same_stack(mark, found)):
        raise StorageConflictError(_describe_foreign(client, found))
    client.write_mark(mark)


def require_own(client: LocationClient[Any], mark: str) -> None:
    """Refuse to change or delete a location that does not carry this resource's mark.

    Raises:
        StorageConflictError: It carries another mark, or none.
    """
    found = client.read_mark() if client.can_be_marked else mark
    if found != mark:
        raise StorageConflictError(_describe_lost(client, found, mark))


def _require_empty(client: LocationClient[Any]) -> None:
    if (name := client.find_content()) is not None:
        raise StorageConflictError(
            f"{client.about}: it exists already and holds {client.holds}, such as '{name}', and "
            f"nothing says that this stack made it. {_USE_IT_AS_IT_IS}; or, where it was this "
            "stack's under another key, bring that key back, deploy, and rename it with 'aliases'."
        )


def _describe_foreign(client: LocationClient[Any], found: str | None) -> str:
    whose = (
        "and nothing says that this stack made it: it carries no mark"
        if found is None
        else f"and its mark is {found}: another stack owns it, or this one before its state was "
        "lost"
    )
    return (
        f"{client.about}: it exists already, {whose}. {_USE_IT_AS_IT_IS}; or, if nobody else "
        "needs it, release it with the command below, and deploy again.\n"
        f"{client.build_mark_command(RELEASED)}"
    )


def _describe_lost(client: LocationClient[Any], found: str | None, mark: str) -> str:
    carries = "it carries no mark" if found is None else f"its mark is {found}"
    begin = f"{client.about}: {carries}, so nothing says that it is still this stack's, and it "
    if not mark:
        return (
            f"{begin}was not changed. The state is an older version's: run 'pulumi up' first, "
            "which says how to mark it."
        )
    return (
        f"{begin}was not changed. {_USE_IT_AS_IT_IS}; or, if nobody else needs it, mark it as this "
        f"stack's with the command below, and deploy again.\n{client.build_mark_command(mark)}"
    )
