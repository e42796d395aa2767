"""What helps where a stack cannot be previewed: pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from realtimekit_provider.cli.changes.effects import Phrase, quote
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.stack_files.names import parse_stack_name

__all__ = ["find_advice"]

_CHECK = "Correct the stack's file: `realtimekit check {stack}` shows each mistake at its line."
_DECRYPT = (
    "Give this job what decrypts the stack's secrets: PULUMI_CONFIG_PASSPHRASE, or a role that may "
    "use the key."
)
_ADVICE: Mapping[str, str] = {
    "the Pulumi CLI is not on PATH": (
        "Install the Pulumi CLI in a step of this job before `realtimekit` is called."
    ),
    "the stack's config has": _CHECK,
    "neither recordings nor storage any more": (
        "If that is meant, set `realtimekit:allowEmpty` to `true` in the stack's file; "
        "otherwise bring back what the file declared."
    ),
    "rename the file": "Rename the stack's file, and push again.",
    "Pulumi.{stack}.": _CHECK,
    "the program failed": (
        "Correct the program at that line: `pulumi preview --stack {stack}` shows the whole "
        "traceback."
    ),
    "no stack named": (
        "Create it with `pulumi stack init {stack}` and run the preview again: then it says what "
        "the first deployment of the stack starts."
    ),
    "passphrase": _DECRYPT,
    "decrypt": _DECRYPT,
    "secrets provider": _DECRYPT,
    "there is no stack's file": (
        "Add the file of a stack, or correct `stackConfigDir` in the project's own file."
    ),
    "Pulumi.yaml": "Correct the project's own file, or name the project's folder with `--cwd`.",
    " has a problem": "Correct the input that is named, and push again.",
    " problems:": "Correct the inputs that are named, and push again.",
}
"""What helps, by a part of the error."""

_OTHER = "Run `pulumi preview --stack {stack}` to see everything that is printed."


def find_advice(preview: StackPreview) -> Phrase:
    """Return what to do about a preview that failed; the commands are quoted."""
    short_name = parse_stack_name(preview.stack).short
    errors = [preview.error or "", *(one.text for one in preview.list_messages("error"))]
    found = (
        advice
        for part, advice in _ADVICE.items()
        if any(part.replace("{stack}", short_name) in text for text in errors)
    )
    parts = re.split(r"`([^`]*)`", next(found, _OTHER))
    commands = {
        number: quote(part.replace("{stack}", preview.stack))
        for number, part in enumerate(parts)
        if number % 2
    }
    return tuple(commands.get(number, part) for number, part in enumerate(parts))
