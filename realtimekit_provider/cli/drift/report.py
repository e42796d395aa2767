"""Drift for people, for programs and for GitHub's issue: pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from realtimekit_provider.cli.changes.effects import format_plain
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.drift.findings import DriftFinding
from realtimekit_provider.cli.report.escape import to_code_span
from realtimekit_provider.cli.report.limits import COMMENT_LIMIT
from realtimekit_provider.cli.report.phrases import render_phrase
from realtimekit_provider.redaction import redact

__all__ = ["drift_to_document", "format_drift", "render_issue", "render_title"]

_LONGEST_CUT = 99_999
_OUTSIDE = "Changed outside of this stack"
_UNDEPLOYED = "Declared, and not deployed"
_ADVICE_OUTSIDE = (
    "A deployment brings back what is declared. Where the change was meant, declare it."
)
_ADVICE_UNDEPLOYED = "Deploy the stack, or take the change back."
_FOOTER = (
    "Written by `realtimekit ci drift`, which updates this issue at each run and closes it when "
    "the stack is as declared."
)


def format_drift(stack: str, findings: Sequence[DriftFinding]) -> Iterator[str]:
    """Yield the lines for a terminal or a log."""
    if not findings:
        yield f"{stack}: as declared"
    for title, _advice, group in _group(findings):
        yield f"{stack}: {title[0].lower()}{title[1:]}"
        for one in group:
            yield f"  {one.kind} '{redact(one.name)}' {format_plain(one.phrase)}"


def drift_to_document(preview: StackPreview, findings: Sequence[DriftFinding]) -> dict[str, Any]:
    """Return the keys ``stack``, ``error`` and ``findings`` (cause, kind, name, text)."""
    return {
        "stack": preview.stack,
        "error": preview.error,
        "findings": [
            {
                "cause": one.cause,
                "kind": one.kind,
                "name": redact(one.name),
                "text": format_plain(one.phrase),
            }
            for one in findings
        ],
    }


def render_title(stack: str) -> str:
    """Return the title of a stack's issue."""
    return f"Recordings of stack {stack} are not as declared"


def render_issue(
    stack: str, findings: Sequence[DriftFinding], *, marker: str, link: str | None
) -> str:
    """Return the text of a stack's issue, as long as one may be.

    Args:
        stack: The stack's name.
        findings: What is not as declared.
        marker: Its first line, which nobody sees.
        link: The run that found it.
    """
    lines = [marker, f"Stack {to_code_span(stack)} is not as declared.", ""]
    for title, advice, group in _group(findings):
        lines += [f"**{title}.** {advice}", ""]
        lines += [_render_finding(one) for one in group]
        lines.append("")
    end = ["", *([f"[The run that found it]({link})", ""] if link else []), _FOOTER, ""]
    kept, left_out = COMMENT_LIMIT.fit([[one] for one in lines], [_render_cut(_LONGEST_CUT), *end])
    return "\n".join([*kept, *([_render_cut(left_out)] if left_out else []), *end])


def _group(
    findings: Sequence[DriftFinding],
) -> Iterator[tuple[str, str, list[DriftFinding]]]:
    outside = [one for one in findings if one.is_outside]
    undeployed = [one for one in findings if not one.is_outside]
    if outside:
        yield _OUTSIDE, _ADVICE_OUTSIDE, outside
    if undeployed:
        yield _UNDEPLOYED, _ADVICE_UNDEPLOYED, undeployed


def _render_finding(finding: DriftFinding) -> str:
    return f"- {finding.kind} {to_code_span(finding.name)} {render_phrase(finding.phrase)}"


def _render_cut(number: int) -> str:
    return f"… and {number} more lines: the run has them all."
