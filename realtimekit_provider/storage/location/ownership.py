"""Whether a location is this resource's: its mark decides, and never its name."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.deployment.mark import is_of_same_identity
from realtimekit_provider.deployment.ports import Reporter
from realtimekit_provider.errors import StorageConflictError
from realtimekit_provider.storage.backends.ports import LocationClient

__all__ = [
    "build_released_mark",
    "claim_location",
    "explain_mark",
    "is_of_same_stack",
    "is_released",
    "require_claimable",
    "require_own",
    "require_unclaimed",
]

_RELEASED = "released"
"""What a person writes as the mark of a location that nobody needs: whoever declares it next owns
it. Where a resource released it, the resource's own mark follows."""

_USE_IT_AS_IT_IS = "Declare it with 'existing: true', and it is used without being changed"


def is_of_same_stack(mark: str, found: str | None) -> bool:
    """Whether a mark that was found is this resource's, or another one's of the same stack."""
    return bool(mark and found) and is_of_same_identity(mark, str(found))


def is_released(found: str | None) -> bool:
    """Whether a mark that was found says that whoever declares the location next owns it."""
    return found is not None and (found == _RELEASED or _find_last_owner(found) != "")


def build_released_mark(mark: str) -> str:
    """Return the mark of a location that the resource with ``mark`` releases."""
    return f"{_RELEASED}-{mark}"


def claim_location(
    client: LocationClient[Any], mark: str, reporter: Reporter, *, is_new: bool
) -> None:
    """Make a location this resource's, before anything else of it is changed.

    It may be new, or carry this resource's mark, that of another resource of the same stack, or
    one that says ``released``. Where another resource of the stack owns it, that one was renamed:
    no two of one program may declare the same location.

    Args:
        client: The location, which exists.
        mark: The resource's mark.
        reporter: The resource's row, which says whose it was where another stack released it.
        is_new: Whether this very run created it.

    Raises:
        StorageConflictError: It was there before, and carries the mark of another stack or none;
            where it can carry none, it holds something.
    """
    found = require_claimable(client, mark, is_new=is_new)
    if not client.is_markable:
        if not is_new:
            reporter.warning(_describe_empty(client))
        return
    if found == mark:
        return
    is_written = client.write_mark(mark, before=found)
    require_unclaimed(client, mark)
    if not is_written:
        raise StorageConflictError(
            f"{client.about}: somebody changed it while it was being marked. Deploy again."
        )
    last_owner = _find_last_owner(found or "")
    if last_owner and not is_of_same_stack(mark, last_owner):
        reporter.notice(_describe_take_over(client, last_owner))


def require_claimable(client: LocationClient[Any], mark: str, *, is_new: bool) -> str | None:
    """Return the mark of a location that :func:`claim_location` can claim; it is only read.

    The arguments and the errors are those of :func:`claim_location`.
    """
    if not client.is_markable:
        if not is_new:
            _require_empty(client)
        return None
    found = client.read_mark()
    is_unmarked = found is None and (is_new or client.is_leftover())
    if found != mark and not (is_unmarked or is_released(found) or is_of_same_stack(mark, found)):
        raise StorageConflictError(_describe_foreign(client, found))
    return found


def explain_mark(address: str, found: str | None, mark: str) -> str | None:
    """Return what a refresh says of a location's mark, ``None`` where it is this resource's.

    Args:
        address: The location, as its user knows it.
        found: The mark that it carries, if any.
        mark: The resource's mark; empty in the state of an older version.
    """
    if found == mark:
        return None
    if is_released(found):
        return (
            f"{address} is released (its mark is {found}), though the state of this stack has it, "
            "so another stack can take it over: run 'pulumi up', which claims it"
        )
    actual = f"carries the mark {found}" if found else "carries no mark"
    if not mark:
        return (
            f"{address} {actual}, and the state of this stack, an older version's, names none: "
            "run 'pulumi up', which says how to mark it"
        )
    if is_of_same_stack(mark, found):
        return (
            f"{address} {actual}: another resource of this stack has it now. Declare it once, or "
            "with 'existing: true' in all but one"
        )
    return (
        f"{address} {actual}, and not {mark}, this stack's own: a deployment will neither change "
        "nor delete it"
    )


def require_unclaimed(client: LocationClient[Any], mark: str) -> None:
    """Refuse a location that another stack has claimed since this one did.

    Two can find it released in the same moment. A cloud may show an older mark for a while, so
    only another stack's counts.

    Raises:
        StorageConflictError: It carries the mark of another stack.
    """
    found = client.read_mark()
    if found and not is_released(found) and not is_of_same_stack(mark, found):
        raise StorageConflictError(_describe_foreign(client, found))


def require_own(client: LocationClient[Any], mark: str) -> None:
    """Refuse to change or delete a location that does not carry this resource's mark.

    Raises:
        StorageConflictError: It carries another mark, or none.
    """
    found = client.read_mark() if client.is_markable else mark
    if found != mark:
        raise StorageConflictError(_describe_lost(client, found, mark))


def _find_last_owner(found: str) -> str:
    """Return the mark of the resource that released a location, empty where that is not known."""
    return found.removeprefix(f"{_RELEASED}-") if found.startswith(f"{_RELEASED}-") else ""


def _require_empty(client: LocationClient[Any]) -> None:
    if (name := client.find_content()) is not None:
        raise StorageConflictError(
            f"{client.about}: it exists already and holds {client.holds}, such as '{name}', and "
            f"nothing says that this stack made it. {_USE_IT_AS_IT_IS}; or, where it was this "
            "stack's under another key, bring that key back, deploy, and rename it with 'aliases'."
        )


def _describe_empty(client: LocationClient[Any]) -> str:
    return (
        f"{client.about}: it exists already and is empty, so it is used. Nothing says that this "
        "stack created it, so it is never deleted or emptied, whatever on_delete says. If another "
        "stack has it too, give this one another path"
    )


def _describe_take_over(client: LocationClient[Any], last_owner: str) -> str:
    return (
        f"{client.about}: the resource with the mark {last_owner} released it, so it is this "
        f"stack's from now on, with all {client.holds} in it. If the state of another stack still "
        "has that mark, an interrupted deployment left it there: declare it with 'existing: true' "
        "in one of the two"
    )


def _describe_foreign(client: LocationClient[Any], found: str | None) -> str:
    owner = (
        "and nothing says that this stack made it: it carries no mark"
        if found is None
        else f"and its mark is {found}: another stack owns it, or this one before its state was "
        "lost"
    )
    return (
        f"{client.about}: it exists already, {owner}. {_USE_IT_AS_IT_IS}; or, if nobody else "
        f"needs it, release it with the command below{_explain_command(client)}, and deploy "
        f"again.\n{client.build_mark_command(_RELEASED)}"
    )


def _describe_lost(client: LocationClient[Any], found: str | None, mark: str) -> str:
    actual = "it carries no mark" if found is None else f"its mark is {found}"
    if is_of_same_stack(mark, found):
        return (
            f"{client.about}: {actual}: another resource of this stack has it now, and it was not "
            "changed. Declare it once, or with 'existing: true' in all but one."
        )
    subject = f"{client.about}: {actual}, so nothing says that it is still this stack's, and it"
    if not mark:
        return (
            f"{subject} was not changed. The state is an older version's: run 'pulumi up' first, "
            "which says how to mark it."
        )
    return (
        f"{subject} was not changed. {_USE_IT_AS_IT_IS}; or, if nobody else needs it, mark it as "
        f"this stack's with the command below{_explain_command(client)}, and deploy again.\n"
        f"{client.build_mark_command(mark)}"
    )


def _explain_command(client: LocationClient[Any]) -> str:
    """Say what a command overwrites that others may have changed since it was printed."""
    if client.written_at_once is None:
        return ""
    return f" (it writes all {client.written_at_once} as they are now: run it right away)"
