"""The commands of the Pulumi CLI that a text tells people to run."""

from __future__ import annotations

import re
import shlex

__all__ = ["add_stack_option"]

_COMMAND = re.compile(r"(?<=['(])pulumi config [^'<)]*[^'<) ]")


def add_stack_option(text: str, stack: str) -> str:
    """Return a text whose commands are about one stack, whichever is selected in the folder.

    Args:
        text: It quotes each command.
        stack: The stack's name.
    """
    return _COMMAND.sub(lambda command: f"{command[0]} --stack {shlex.quote(stack)}", text)
