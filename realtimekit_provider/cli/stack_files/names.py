"""The names that a stack may have, as the Pulumi CLI checks them."""

from __future__ import annotations

import re

__all__ = ["describe_bad_name"]

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")


def describe_bad_name(name: str) -> str | None:
    """Return why no stack can have this name, ``None`` where one can.

    Source: ``tokens.ParseStackName`` of the Pulumi CLI.
    """
    if _NAME.fullmatch(name):
        return None
    return (
        f"{name[:100]!r} is not the name of a stack, which has at most 100 letters, digits, "
        "'_', '-' and '.': rename the file"
    )
