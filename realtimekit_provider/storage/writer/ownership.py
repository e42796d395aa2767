"""Whether an identity in a cloud is this writer's: its mark decides, and never its name.

The mark is that of the resource, with the place that the identity writes to: a writer that was
renamed by an alias keeps the mark that a new one of the old name would have.
"""

from __future__ import annotations

from realtimekit_provider.errors import StorageConflictError
from realtimekit_provider.storage.backends.ports import WriterClient

__all__ = ["require_adoptable", "require_own"]


def require_adoptable(client: WriterClient, found: str | None) -> None:
    """Refuse to use an identity that was there before, unless an interrupted run left it.

    Args:
        client: The identity.
        found: The mark that it carries, empty or ``None`` where it carries none.

    Raises:
        StorageConflictError: It carries another mark, or none.
    """
    if found != client.mark:
        raise StorageConflictError(
            f"{client.about}: it exists already, and {_describe_mark(client, found)}, so it is "
            "another writer's. Delete it, or give the storage another name."
        )


def require_own(client: WriterClient, found: str) -> None:
    """Refuse to change or delete an identity that is no longer marked as this writer's.

    Recordings may be writing with its key, so the advice is not to delete it.

    Args:
        client: The identity.
        found: The mark that it carries, empty where it carries none.

    Raises:
        StorageConflictError: It carries another mark, or none.
    """
    if found != client.mark:
        raise StorageConflictError(
            f"{client.about}: {_describe_mark(client, found)}, so nothing says that it is still "
            "this writer's, and it was not changed. If it is this stack's, mark it as such with "
            f"the command below, and deploy again.\n{client.build_mark_command()}"
        )


def _describe_mark(client: WriterClient, found: str | None) -> str:
    actual = f"is '{found}'" if found else "is missing"
    return f"its mark ({client.mark_field}) {actual} instead of '{client.mark}'"
