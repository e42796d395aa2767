"""What the engine, a program and the providers say in a preview: pure, credentials removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from realtimekit_provider.cli.changes.stack_preview import Message
from realtimekit_provider.redaction import redact
from realtimekit_provider.schema.urn import TYPES, parse_name

__all__ = ["find_error", "list_failed_resources", "name_resource", "parse_messages"]

_SEVERITIES = {"error": "error", "warning": "warning", "info": "info", "info#err": "info"}
_STACK = "::pulumi:pulumi:Stack::"
_FAILED_PROGRAM = "Program failed with an unhandled exception:"
_EXIT_CODE = "an unhandled error occurred: program exited with non-zero exit code"


def parse_messages(events: Iterable[Mapping[str, Any]]) -> tuple[Message, ...]:
    """Return the errors, warnings, remarks and violated policies among the engine's events."""
    return tuple(message for event in events for message in _list_messages(event))


def find_error(messages: Iterable[Message]) -> str | None:
    """Return the first error that says why, with its resource; ``None`` where there is none."""
    errors = [name_resource(one) for one in messages if one.severity == "error"]
    causes = [text for text in errors if not text.startswith(_EXIT_CODE)]
    return next(iter((*causes, *errors)), None)


def list_failed_resources(messages: Iterable[Message]) -> list[str]:
    """Return the URN of each resource that an error is about, but for the stack as a whole."""
    urns = (one.urn for one in messages if one.severity == "error")
    return list(dict.fromkeys(urn for urn in urns if urn and _STACK not in urn))


def name_resource(message: Message) -> str:
    """Return a message's text after the name of its resource, unless the text has it already."""
    name = parse_name(message.urn)
    is_of_stack = not message.urn or _STACK in message.urn
    has_name = is_of_stack or f"'{name}'" in message.text
    return message.text if has_name else f"{name}: {message.text}"


def _list_messages(event: Mapping[str, Any]) -> Iterator[Message]:
    if (diagnostic := event.get("diagnosticEvent")) is not None:
        severity = _SEVERITIES.get(diagnostic.get("severity"))
        text = _shorten(redact(str(diagnostic.get("message"))).strip())
        if severity and text and not diagnostic.get("ephemeral"):
            yield Message(severity, str(diagnostic.get("urn") or ""), text)
    if (policy := event.get("policyEvent")) is not None:
        is_mandatory = policy.get("enforcementLevel") == "mandatory"
        text = f"policy {policy.get('policyName')}: {str(policy.get('message')).strip()}"
        severity = "error" if is_mandatory else "warning"
        yield Message(severity, str(policy.get("resourceUrn") or ""), redact(text))


def _shorten(text: str) -> str:
    """Return the exception of a program's traceback and where it was raised; other texts whole."""
    text = text.replace(f"{TYPES}:", "")
    lines = [line.rstrip() for line in text.splitlines()]
    files = [index for index, line in enumerate(lines) if line.startswith("  File ")]
    if not text.startswith(_FAILED_PROGRAM) or not files:
        return text
    after = [line for line in lines[files[-1] + 1 :] if line and not line.startswith(" ")]
    cause = after[0] if after else "no reason is given"
    return f"the program failed: {cause}\n{lines[files[-1]]}"
