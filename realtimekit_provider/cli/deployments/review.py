"""What a reviewer has seen, compared with what is declared now."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from realtimekit_provider.cli.changes.declared import list_declared_changes, phrase_declared
from realtimekit_provider.cli.changes.digest import compute_digest
from realtimekit_provider.cli.changes.effects import format_plain, quote
from realtimekit_provider.cli.changes.failures import describe_missing_stack
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode

__all__ = ["check_digest", "describe_declared", "refuse_unreviewed"]

_DIGEST = re.compile(r"[0-9a-f]{32}")


def check_digest(digest: str) -> str:
    """Return a digest in its one form.

    Raises:
        CommandError: It is none.
    """
    cleaned = digest.strip().lower()
    if _DIGEST.fullmatch(cleaned) is None:
        raise CommandError(
            f"'{digest}' is no digest of a review: it has 32 hexadecimal digits, and stands in the "
            "comment of 'realtimekit ci preview' beside the stack's name",
            ExitCode.CONFIGURATION,
        )
    return cleaned


def refuse_unreviewed(
    digest: str, run_preview: Callable[[], StackPreview], report: Callable[[str], None]
) -> None:
    """Return where a deployment would do what was reviewed, or nothing that is declared.

    Args:
        digest: That of the review.
        run_preview: Says what a deployment would do now; it writes nothing.
        report: Tells a person what is done.

    Raises:
        CommandError: Something else is declared now, or it cannot be known.
    """
    report("comparing what is declared with what was reviewed")
    preview = run_preview()
    if preview.is_failed:
        code = ExitCode(preview.exit_code) if preview.exit_code in set(ExitCode) else ExitCode.ERROR
        is_missing = code is ExitCode.NO_STACK
        advice = f"; {describe_missing_stack(preview.stack)}" if is_missing else ""
        raise CommandError(
            f"the preview of stack '{preview.stack}' failed, so it is not known whether it is what "
            f"was reviewed: {preview.error}\nNothing was deployed{advice}",
            code,
        )
    current, declared = compute_digest(preview), tuple(describe_declared(preview))
    if not declared:
        report("nothing is declared that is not deployed")
    elif current != digest:
        raise CommandError(
            f"stack '{preview.stack}' declares something else than what was reviewed\n"
            f"The review has the digest {digest}; what is declared now has {current}. All that it "
            f"declares now; compare it with the comment that has digest {digest}:\n"
            + "".join(f"  - {one}\n" for one in declared)
            + "Nothing was deployed. Have a new preview reviewed, and deploy with its digest",
            ExitCode.CHANGES,
        )


def describe_declared(preview: StackPreview) -> Iterator[str]:
    """Yield a sentence for each resource that is declared otherwise than it was deployed last."""
    for change, paths in list_declared_changes(preview):
        subject = (change.kind, " '", quote(change.name), "' ")
        yield format_plain((*subject, *phrase_declared(change, paths)))
