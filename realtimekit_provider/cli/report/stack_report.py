"""What a report says of each stack: pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from realtimekit_provider.cli.changes.digest import combine_digests, compute_digest
from realtimekit_provider.cli.changes.effects import Column, Effect, Phrase
from realtimekit_provider.cli.changes.messages import name_resource
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.changes.words import count_effects, describe_changes
from realtimekit_provider.cli.exit_codes import ExitCode, combine_exit_codes
from realtimekit_provider.cli.report.advice import find_advice
from realtimekit_provider.cli.report.renames import describe_renames
from realtimekit_provider.cli.stack_files.names import label_stacks

__all__ = ["Report", "StackReport", "create_report"]


@dataclass(frozen=True)
class StackReport:
    """A stack in a report.

    Attributes:
        stack: Its name, as the Pulumi CLI was given it.
        label: How it is shown: by its short name where no other stack of the report has that.
        effects: What a deployment would do, but for what failed.
        warnings: What was said of the stack as a whole, or of a resource that does not change.
        digest: What ``realtimekit up --reviewed`` compares, ``None`` where the preview failed.
        errors: Why the preview failed, each once; empty where it did not.
        advice: What to do about that.
        exit_code: What the preview ended with.
        is_new: Whether the backend does not know the stack yet.
        is_partial: Whether the preview failed before everything was known.
    """

    stack: str
    label: str
    effects: tuple[Effect, ...] = ()
    warnings: tuple[str, ...] = ()
    digest: str | None = None
    errors: tuple[str, ...] = ()
    advice: Phrase = ()
    exit_code: int = 0
    is_new: bool = False
    is_partial: bool = False

    @property
    def is_failed(self) -> bool:
        """Whether it is not known what a deployment would do."""
        return bool(self.errors)

    @property
    def counts(self) -> Counter[Column]:
        """How many effects there are, by column."""
        return count_effects(self.effects)

    @property
    def losses(self) -> list[Effect]:
        """The effects that end a live recording or delete files."""
        return [one for one in self.effects if one.is_loss]


@dataclass(frozen=True)
class Report:
    """A report of all stacks.

    Attributes:
        stacks: The failed ones first, then those that lose something, change, do not change.
        digest: One digest of all that were previewed.
        warnings: What no stack's own preview says.
        is_refreshed: Whether the API and the clouds were asked what is live.
    """

    stacks: Sequence[StackReport] = field(default_factory=tuple)
    digest: str = ""
    warnings: Sequence[Phrase] = ()
    is_refreshed: bool = False

    @property
    def failed(self) -> list[StackReport]:
        """The stacks whose preview failed."""
        return [one for one in self.stacks if one.is_failed]

    @property
    def changed(self) -> list[StackReport]:
        """The stacks of which there is something to tell beside the table."""
        return [one for one in self.stacks if one.effects or one.warnings]

    @property
    def counts(self) -> Counter[Column]:
        """How many effects there are in all stacks, by column."""
        return sum((one.counts for one in self.stacks), Counter())

    @property
    def exit_code(self) -> int:
        """What a command ends with that made it: an error of a preview wins."""
        return combine_exit_codes(one.exit_code or ExitCode.ERROR for one in self.failed)


def create_report(
    previews: Iterable[StackPreview],
    warnings: Sequence[Phrase] = (),
    *,
    is_refreshed: bool = False,
) -> Report:
    """Return the report of previews, with further warnings that are of no preview."""
    previews = list(previews)
    labels = label_stacks(one.stack for one in previews)
    stacks = sorted(
        (_create_stack_report(one, labels[one.stack]) for one in previews),
        key=lambda one: (not one.is_failed, not one.losses, not one.effects, one.label),
    )
    digests = {one.stack: one.digest for one in stacks if one.digest is not None}
    renames = [text for one in previews for text in describe_renames(one, labels[one.stack])]
    digest = combine_digests(digests)
    return Report(tuple(stacks), digest, (*warnings, *renames), is_refreshed)


def _create_stack_report(preview: StackPreview, label: str) -> StackReport:
    changed = {change.urn for change in preview.changes}
    warnings = [
        name_resource(one) for one in preview.list_messages("warning") if one.urn not in changed
    ]
    found = StackReport(
        preview.stack,
        label,
        describe_changes(preview),
        tuple(dict.fromkeys(warnings)),
        is_new=preview.is_new,
        is_partial=preview.is_partial,
    )
    if not preview.is_failed:
        return replace(found, digest=compute_digest(preview))
    return replace(
        found,
        errors=tuple(_list_errors(preview)),
        advice=find_advice(preview),
        exit_code=preview.exit_code,
    )


def _list_errors(preview: StackPreview) -> list[str]:
    """Return the reason first, then the other errors."""
    others = [name_resource(one) for one in preview.list_messages("error")]
    is_message = preview.error in others
    reasons = [text for text in others if not text.startswith("an unhandled error occurred")]
    found = reasons if is_message and reasons else [preview.error or "", *reasons]
    return list(dict.fromkeys(filter(None, found)))
