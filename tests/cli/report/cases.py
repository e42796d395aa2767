"""The comments that a reviewer reads, made of recorded previews; ``comments/`` has their text.

``python -m tests.cli.report.cases`` writes the files; a person reads them, as GitHub shows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from realtimekit_provider.cli.changes.effects import Phrase, quote
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.cli.changes.stack_previews import create_failed_preview
from realtimekit_provider.cli.ci.changed_stacks import describe_leftovers
from realtimekit_provider.cli.exit_codes import ExitCode
from realtimekit_provider.cli.report.limits import COMMENT_LIMIT
from realtimekit_provider.cli.report.markdown import render_report
from realtimekit_provider.cli.report.stack_report import create_report
from realtimekit_provider.cli.stack_files.selection import Selection
from realtimekit_provider.schema.urn import parse_name
from tests.cli.changes.recorded import read_preview

__all__ = ["CASES", "COMMENTS", "LINK", "WARNINGS", "list_many_stacks", "render_comment"]

COMMENTS = Path(__file__).parent / "comments"
MARKER = "<!-- realtimekit-preview 0123456789abcdef -->"
LINK = "https://github.com/acme/recordings/actions/runs/1"

_MISTAKE = (
    "stacks/Pulumi.staging.yaml:7: realtimekit:recordings.standup.layers.default.prefix: is not a "
    "field; there are file_name_prefix, outputs"
)


def select(event_name: str, stack: str, *names: str) -> StackPreview:
    """Return a recorded preview as that of a stack, with the changes of these names alone."""
    preview = read_preview(event_name)
    if not names:
        return replace(preview, stack=stack)
    changes = tuple(one for one in preview.changes if one.name in names)
    messages = tuple(one for one in preview.messages if parse_name(one.urn) in names)
    return replace(preview, stack=stack, changes=changes, messages=messages)


def change_storage() -> StackPreview:
    """Return a preview that keeps the files of a storage for a day, and makes ``force`` of it."""
    preview = select("mixed", "production", "opened-location")
    (opened,) = preview.changes
    inputs = dict(opened.after or {})
    before = {**inputs, "retention_days": 30, "on_delete": "keep"}
    after = {**inputs, "retention_days": 1, "on_delete": "force"}
    return replace(
        preview, changes=(replace(opened, operation="update", before=before, after=after),)
    )


def rename_recording() -> StackPreview:
    """Return a preview that removes a live recording and starts its meeting under a new name."""
    preview = select("mixed", "production", "removed", "new")
    (removed,) = (one for one in preview.changes if one.name == "removed")
    changes = [
        one if one is removed else replace(one, after={**(one.after or {}), **_get_ids(removed)})
        for one in preview.changes
    ]
    return replace(preview, changes=tuple(changes))


def _get_ids(change: Change) -> dict[str, object]:
    inputs = change.before or {}
    return {name: inputs.get(name) for name in ("account_id", "app_id", "meeting_id")}


CASES: Mapping[str, Sequence[StackPreview]] = {
    "start": [select("mixed", "production", "new", "new-paused")],
    "pause": [select("mixed", "production", "pauses", "resumes")],
    "replacement": [select("mixed", "production", "longer")],
    "rotation": [select("mixed", "production", "archive-writer", "archive-gate", "rotated")],
    "storage": [
        select("mixed", "production", *(f"{one}-location" for one in ("closed", "moved", "opened")))
    ],
    "storage-settings": [change_storage()],
    "renamed": [rename_recording()],
    "nothing": [select("nothing", "production"), select("nothing", "staging")],
    "new-stack": [replace(select("first", "staging", "stays", "archive-location"), is_new=True)],
    "drift": [select("drift", "production")],
    "failed-check": [select("failed-check", "production"), select("mixed", "staging", "new")],
    "failed-program": [select("failed-program", "production")],
    "failed-stack": [select("failed-stack", "production")],
    "failed-refusal": [select("failed-refusal", "production"), select("mixed", "staging", "new")],
    "pull-request": [
        select("mixed", "production", "new", "longer", "archive-writer", "archive-gate"),
        create_failed_preview("staging", _MISTAKE, ExitCode.CONFIGURATION),
        select("nothing", "development"),
    ],
    "hostile": [select("hostile", "production")],
    "leftovers": [select("mixed", "prod2", "new")],
    "no-stack": [],
}
"""The previews of each comment."""

WARNINGS: Mapping[str, Sequence[Phrase]] = {
    "leftovers": [
        *describe_leftovers(
            Selection(["prod2"], "", deleted=["$(id)", "dev"], renamed=[("prod", "prod2")])
        ),
        ("stack ", quote("prod2"), ", ", quote("recordings.<b>"), ": ", quote("is recorded twice")),
    ],
}
"""The warnings of each comment that has some."""


def list_many_stacks() -> list[StackPreview]:
    """Return 300 stacks with the longest names that there are, of which 200 change."""
    names = [f"{number:03}-{'x' * 96}" for number in range(300)]
    changed = [select("mixed", name) for name in names[:200]]
    return [*changed, *(select("nothing", name) for name in names[200:])]


def render_comment(previews: Sequence[StackPreview], warnings: Sequence[Phrase] = ()) -> str:
    """Return the comment of previews and warnings."""
    return render_report(create_report(previews, warnings), COMMENT_LIMIT, marker=MARKER, link=LINK)


def main() -> None:
    """Write all comments."""
    COMMENTS.mkdir(exist_ok=True)
    for name, previews in CASES.items():
        text = render_comment(previews, WARNINGS.get(name, ()))
        (COMMENTS / f"{name}.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
