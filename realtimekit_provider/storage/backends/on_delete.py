"""What is done at destroy with a bucket, container or folder that holds something.

One that is empty, or that ``on_delete: force`` has emptied, is deleted. One that is declared as
``existing`` is never deleted.
"""

from __future__ import annotations

from typing import Literal

from realtimekit_provider.errors import StorageNotEmptyError

__all__ = ["keep_or_refuse", "must_empty"]


def must_empty(on_delete: str) -> bool:
    """Whether everything in the location is deleted first."""
    return on_delete == "force"


def keep_or_refuse(
    about: str, on_delete: str, *, holds: str = "objects", example: str = ""
) -> Literal["kept"]:
    """Decide on a location that still holds something: ``keep`` keeps it.

    Args:
        about: The location.
        on_delete: Its ``on_delete``.
        holds: What it holds.
        example: The name of something that it holds.

    Raises:
        StorageNotEmptyError: ``on_delete`` is ``fail``; or it is ``force``, and something was
            written after the location was emptied.
    """
    if on_delete == "keep":
        return "kept"
    if on_delete == "force":
        raise StorageNotEmptyError(
            f"{about}: it was emptied, and now it holds {holds} again. Stop whatever still writes "
            "to it, and deploy again."
        )
    such_as = f", such as '{example}'" if example else ""
    raise StorageNotEmptyError(
        f"{about}: it holds {holds}{such_as}, and on_delete is 'fail', so it was not deleted. "
        "Move them away; or set on_delete to 'keep' (it stays) or 'force' (they are deleted too), "
        "run 'pulumi up', and then delete it."
    )
