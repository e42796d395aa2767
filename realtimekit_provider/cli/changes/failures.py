"""What kind of failure the engine's errors are, where the Pulumi CLI only says 1: pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from realtimekit_provider.cli.changes.stack_preview import Message
from realtimekit_provider.cli.exit_codes import ExitCode

__all__ = ["describe_missing_stack", "get_failure_code"]

_POLICY = "policy "
_TOKEN = ("the API refused the token", "the API says that the token is not in the right form")
_CONFIGURATION = (
    "the stack's config has ",
    " has a problem: ",
    " problems:\n",
    "there is no API token: ",
)
_FOLLOWING = (
    "update failed",
    "preview failed",
    "an unhandled error occurred: program exited with non-zero exit code",
)
"""What the engine adds to an error that it has told."""


def describe_missing_stack(stack: str) -> str:
    """Return what to do where the backend does not know a stack."""
    name = shlex.quote(stack)
    return (
        f"if it is new, create its state: pulumi stack init {name}\n"
        "(with the --secrets-provider of the project's other stacks, where they have one)"
    )


def get_failure_code(messages: Sequence[Message], exit_code: int) -> int:
    """Return what a command exits with after a deployment or a preview that failed.

    A violated policy wins. All errors being of the token, or of the configuration, is that kind;
    where they differ it is an error like any other.

    Args:
        messages: What the engine said.
        exit_code: What the Pulumi CLI exited with, which holds wherever it is more than 1.
    """
    errors = [
        one.text
        for one in messages
        if one.severity == "error" and not one.text.startswith(_FOLLOWING)
    ]
    if exit_code != ExitCode.ERROR or not errors:
        return exit_code
    if any(text.startswith(_POLICY) for text in errors):
        return ExitCode.POLICY
    for code, parts in (
        (ExitCode.AUTHENTICATION, _TOKEN),
        (ExitCode.CONFIGURATION, _CONFIGURATION),
    ):
        if all(any(part in text for part in parts) for text in errors):
            return code
    return exit_code
