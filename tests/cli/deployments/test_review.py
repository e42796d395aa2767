"""A deployment does what was reviewed, or nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtimekit_provider.cli.changes.digest import compute_digest
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from realtimekit_provider.cli.deployments.review import check_digest, refuse_unreviewed
from realtimekit_provider.cli.exit_codes import CommandError, ExitCode
from tests.cli.changes.recorded import find_change, read_preview

MIXED = read_preview("mixed")
DIGEST = compute_digest(MIXED)


def refuse(preview: StackPreview, digest: str = DIGEST) -> None:
    refuse_unreviewed(digest, lambda: preview, lambda _text: None)


@pytest.mark.parametrize("name", ["mixed", "mixed-refresh", "mixed-without-token"])
def test_reviewed_changes_are_deployed(name: str) -> None:
    """Also where somebody has entered a room meanwhile, as in the second one."""
    refuse(read_preview(name))


def test_another_declaration_is_refused_in_words() -> None:
    """It says both digests, and what is declared now."""
    change = find_change(MIXED, "pauses")
    stops = replace(change, after={**(change.after or {}), "desired_state": "STOPPED"})
    changes = tuple(stops if one is change else one for one in MIXED.changes)
    with pytest.raises(CommandError) as refused:
        refuse(replace(MIXED, changes=changes))
    assert refused.value.code is ExitCode.CHANGES
    text = str(refused.value)
    assert "declares something else than what was reviewed" in text
    assert f"The review has the digest {DIGEST}" in text
    assert f"All that it declares now; compare it with the comment that has digest {DIGEST}" in text
    assert (
        "- TrackRecording 'pauses' is declared otherwise: desired_state changes "
        "from RECORDING to STOPPED\n" in text
    )
    assert "Nothing was deployed" in text


def test_an_unchanged_stack_needs_no_review() -> None:
    """What was reviewed may be deployed already: there is nothing that nobody has seen."""
    refuse(read_preview("nothing"))


@pytest.mark.parametrize(("exit_code", "code"), [(1, ExitCode.ERROR), (6, ExitCode.NO_STACK)])
def test_an_unknown_outcome_is_refused(exit_code: int, code: ExitCode) -> None:
    """A preview that failed shows a part of it only."""
    with pytest.raises(CommandError, match="the API does not answer") as refused:
        refuse(replace(MIXED, error="the API does not answer", exit_code=exit_code))
    assert refused.value.code is code
    assert ("pulumi stack init" in str(refused.value)) == (code is ExitCode.NO_STACK)


@pytest.mark.parametrize("digest", ["", "latest", "12ab", "g" * 32])
def test_a_text_that_is_no_digest_is_refused(digest: str) -> None:
    """An empty variable of a pipeline must not mean that all was reviewed."""
    with pytest.raises(CommandError, match="is no digest of a review") as refused:
        check_digest(digest)
    assert refused.value.code is ExitCode.CONFIGURATION
    assert check_digest(f" {DIGEST.upper()}\n") == DIGEST
