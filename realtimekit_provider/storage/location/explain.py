"""What a deployment will do to a location that a reviewer must know: pure, no calls."""

from __future__ import annotations

from realtimekit_provider.errors import StorageError
from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.storage.location.lifecycle import DeleteOutcome
from realtimekit_provider.storage.location.on_delete import is_emptied_on_delete

__all__ = ["explain_deletion", "explain_obstacle", "explain_outcome"]


def explain_deletion(
    address: str, found: InputDiff, *, on_delete: object, is_owned: bool
) -> str | None:
    """Return the warning that a replacement deletes files, ``None`` where it deletes none.

    Args:
        address: The location that is replaced, as its user knows it.
        found: What changes.
        on_delete: The stored one, which decides, and not the one declared now.
        is_owned: Whether the location is this stack's, and not only used by it.
    """
    if not found.replaces or not is_owned or not is_emptied_on_delete(str(on_delete)):
        return None
    verb = "changes" if len(found.replaces) == 1 else "change"
    return (
        f"deletes {address} with all files in it, because {', '.join(found.replaces)} {verb} and "
        "on_delete is 'force'. To keep the files, first set on_delete to 'keep' in a deployment "
        "of its own"
    )


def explain_obstacle(address: str, obstacle: StorageError) -> str:
    """Return why a location is kept, although another one is declared in its place.

    Args:
        address: The location that is kept, as its user knows it.
        obstacle: Why the other one cannot be created.
    """
    return f"{address} is not replaced, and recordings that write there keep running. {obstacle}"


def explain_outcome(address: str, outcome: DeleteOutcome, *, existing: bool) -> str | None:
    """Return what to say of a location that still exists, ``None`` where there is nothing to say.

    Args:
        address: The location, as its user knows it.
        outcome: What its deletion ended with.
        existing: Whether it was declared as somebody else's.
    """
    if outcome == "deleted" or existing:
        return None
    if outcome == "not_created":
        return (
            f"{address} is kept as it is, because it was there before this stack: it is no longer "
            "known to this stack"
        )
    if outcome == "left":
        return f"{address} is left as it is: nothing says that it is still this resource's"
    subject = (
        f"{address} holds files and is kept, because on_delete is 'keep': it is no longer known"
    )
    if outcome == "kept_unmarked":
        return f"{subject} to this stack. To use it again, declare it with 'existing: true'"
    return (
        f"{subject} to this stack. Whoever declares it next owns it, with the files in it, and may "
        "delete them"
    )
