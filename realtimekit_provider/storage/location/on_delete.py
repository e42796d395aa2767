"""What is done at destroy with a bucket, container or folder that holds something.

One that is empty, or that ``on_delete: force`` has emptied, is deleted. One that is declared as
``existing`` is never deleted.
"""

from __future__ import annotations

from realtimekit_provider.errors import StorageNotEmptyError

__all__ = ["is_emptied_on_delete", "require_keep"]


def is_emptied_on_delete(on_delete: str) -> bool:
    """Whether everything in the location is deleted first."""
    return on_delete == "force"


def require_keep(about: str, on_delete: str, *, holds: str, example: str) -> None:
    """Refuse to keep a location that still holds something, unless ``on_delete`` is ``keep``.

    Args:
        about: The location.
        on_delete: Its ``on_delete``.
        holds: What it holds.
        example: The name of something that it holds; empty where none is known.

    Raises:
        StorageNotEmptyError: ``on_delete`` is ``fail``; or it is ``force``, and something was
            written after the location was emptied.
    """
    if on_delete == "keep":
        return
    if on_delete == "force":
        raise StorageNotEmptyError(
            f"{about}: it was emptied, and now it holds {holds} again. Stop whatever still writes "
            "to it, and deploy again."
        )
    example_text = f", such as '{example}'" if example else ""
    raise StorageNotEmptyError(
        f"{about}: it holds {holds}{example_text}, and on_delete is 'fail', so it was not deleted. "
        "Move them away; or set on_delete to 'keep' (it stays) or 'force' (they are deleted too), "
        "run 'pulumi up', and then delete it."
    )
