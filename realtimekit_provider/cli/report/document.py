"""A report as one JSON document: pure."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.cli.changes.effects import Effect, format_plain
from realtimekit_provider.cli.report.stack_report import Report, StackReport
from realtimekit_provider.redaction import redact

__all__ = ["report_to_document"]


def report_to_document(report: Report) -> dict[str, Any]:
    """Return the keys ``stacks``, ``warnings`` and ``digest``.

    The digest is null where a preview failed.
    """
    return {
        "stacks": [_stack_to_document(one) for one in report.stacks],
        "warnings": [format_plain(one) for one in report.warnings],
        "digest": None if report.failed else report.digest,
    }


def _stack_to_document(stack: StackReport) -> dict[str, Any]:
    """Return the fields of the report, ``counts`` by kind, and no others.

    The keys are ``stack``, ``is_new``, ``digest``, ``counts``, ``effects``, ``warnings``,
    ``errors``, ``advice`` and ``is_partial``.
    """
    return {
        "stack": stack.stack,
        "is_new": stack.is_new,
        "digest": stack.digest,
        "counts": dict(stack.counts),
        "effects": [_effect_to_document(one) for one in stack.effects],
        "warnings": list(stack.warnings),
        "errors": list(stack.errors),
        "advice": format_plain(stack.advice),
        "is_partial": stack.is_partial,
    }


def _effect_to_document(effect: Effect) -> dict[str, Any]:
    """Return the keys of an effect.

    They are ``kind``, ``name``, ``text``, ``is_loss``, ``later_deletions`` and ``notes``.
    """
    return {
        "kind": effect.column,
        "name": redact(effect.name),
        "text": format_plain(effect.phrase),
        "is_loss": effect.is_loss,
        "later_deletions": [format_plain(one) for one in effect.later_deletions],
        "notes": list(effect.notes),
    }
