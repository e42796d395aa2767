"""What is said of a location's mark, and of one that still exists after its delete."""

from __future__ import annotations

import pytest

from realtimekit_provider.storage.location.explain import explain_outcome
from realtimekit_provider.storage.location.lifecycle import DeleteOutcome
from realtimekit_provider.storage.location.ownership import explain_mark
from tests.storage.locations import OTHER_MARK, OWN_MARK

SIBLINGS_MARK = f"{OWN_MARK[:10]}00000000"
"""The mark of another resource of the same stack."""


@pytest.mark.parametrize(
    ("found", "mark", "expected"),
    [
        (OWN_MARK, OWN_MARK, None),
        (f"released-{OWN_MARK}", OWN_MARK, "is released (its mark is released-"),
        ("released", OWN_MARK, "run 'pulumi up', which claims it"),
        ("released", "", "run 'pulumi up', which claims it"),
        (SIBLINGS_MARK, OWN_MARK, "another resource of this stack has it now"),
        (OTHER_MARK, OWN_MARK, f"carries the mark {OTHER_MARK}, and not {OWN_MARK}"),
        (None, OWN_MARK, f"carries no mark, and not {OWN_MARK}"),
        (OTHER_MARK, "", "an older version's, names none: run 'pulumi up'"),
        (None, "", "carries no mark, and the state of this stack, an older version's"),
    ],
)
def test_a_refresh_says_what_a_mark_means(
    found: str | None, mark: str, expected: str | None
) -> None:
    """And what the next deployment does about it."""
    text = explain_mark("acme", found, mark)
    assert text is None if expected is None else expected in str(text)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ("deleted", None),
        ("kept", "Whoever declares it next owns it, with the files in it"),
        ("kept_unmarked", "declare it with 'existing: true'"),
        ("left", "nothing says that it is still this resource's"),
        ("not_created", "it was there before this stack"),
    ],
)
def test_a_location_that_stays_is_reported_with_its_next_owner(
    outcome: DeleteOutcome, expected: str | None
) -> None:
    """One that is declared as existing was never this stack's."""
    text = explain_outcome("acme", outcome, existing=False)
    assert text is None if expected is None else expected in str(text)
    assert explain_outcome("acme", outcome, existing=True) is None
