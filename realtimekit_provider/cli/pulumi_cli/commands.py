"""The commands that people are told to run: pure."""

from __future__ import annotations

import shlex

__all__ = ["format_command"]


def format_command(arguments: str, stack: str, program: str = "pulumi") -> str:
    """Return a command that is about one stack, whichever is selected in the project's folder.

    Args:
        arguments: The command's, without the program and without the stack.
        stack: The stack's name.
        program: What is run.
    """
    return f"{program} {arguments} --stack {shlex.quote(stack)}"
