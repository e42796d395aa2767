"""The Pulumi CLI's commands as people are told to run them: pure."""

from __future__ import annotations

import shlex

__all__ = ["format_command"]


def format_command(arguments: str, stack: str) -> str:
    """Return a command that is about one stack, whichever is selected in the project's folder.

    Args:
        arguments: The command's, without ``pulumi`` and without the stack.
        stack: The stack's name.
    """
    return f"pulumi {arguments} --stack {shlex.quote(stack)}"
