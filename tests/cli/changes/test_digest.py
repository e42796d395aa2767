"""The digest of what a stack declares: the same wherever the same is declared, and only there."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.cli.changes.digest import combine_digests, compute_digest
from realtimekit_provider.cli.changes.stack_preview import Change, Operation, StackPreview
from tests.cli.changes.recorded import find_change, read_preview

MIXED = ("mixed", "mixed-refresh", "mixed-without-token")
URN = "urn:pulumi:production::acme::pulumi-python:dynamic/realtimekit:TrackRecording::standup"
VALUES = st.recursive(
    st.one_of(st.integers(-5, 5), st.text("ab{.", max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text("xy.", min_size=1), inner, max_size=2)
    ),
    max_leaves=4,
)
INPUTS = st.dictionaries(st.text("abc", min_size=1, max_size=2), VALUES, max_size=4)


def preview_change(
    before: dict[str, Any] | None, after: dict[str, Any] | None, **fields: Any
) -> StackPreview:
    """Return the preview of a stack with one change."""
    given: dict[str, Any] = {"operation": "update", "before": before, "after": after, **fields}
    return StackPreview("production", (Change(URN, "TrackRecording", "standup", **given),))


def with_change(preview: StackPreview, change: Change) -> StackPreview:
    """Return the preview with another change of the same resource."""
    changes = tuple(change if one.urn == change.urn else one for one in preview.changes)
    return replace(preview, changes=changes)


def test_token_refresh_and_room_change_no_digest() -> None:
    """Somebody entered a room before the second one; the third one had no token."""
    assert len({compute_digest(read_preview(name)) for name in MIXED}) == 1
    assert find_change(read_preview("mixed-refresh"), "empty").operation == "replace"


def test_organization_and_project_change_no_digest() -> None:
    """A stack of Pulumi Cloud is named with them or without."""
    preview = read_preview("mixed")
    named = replace(preview, stack=f"acme-corp/acme/{preview.stack}")
    assert compute_digest(named) == compute_digest(preview)


def test_drift_changes_no_digest() -> None:
    """Paused outside, a key deleted, a bucket opened: seen by a refresh, and declared by nobody."""
    drift = read_preview("drift")
    assert {change.kind for change in drift.changes} >= {"TrackRecording", "StorageWriter"}
    assert len({compute_digest(read_preview(one)) for one in ("drift", "drift-unseen")}) == 1
    assert compute_digest(drift) == compute_digest(StackPreview(drift.stack))


def test_the_digest_is_that_of_other_processes_and_machines() -> None:
    """It is written down, so another run, another Python and another machine make it again."""
    after = {"meeting_id": "M", "layers": {"default": {}}, "max_seconds": 600}
    preview = preview_change(None, after, operation="create")
    assert compute_digest(preview) == "c2838764ec54626d18c0f0a83d6765c8"


def test_the_environment_changes_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    """A credential of another machine may be a part of some name."""
    digest = compute_digest(read_preview("mixed"))
    monkeypatch.setenv("ARCHIVE_PASSWORD", "acme-opened")
    assert compute_digest(read_preview("mixed")) == digest


def test_stacks_that_declare_the_same_have_digests_of_their_own() -> None:
    """A digest is for one stack; that of several does not know their order."""
    one, other = StackPreview("one"), StackPreview("other")
    assert compute_digest(one) != compute_digest(other)
    assert combine_digests({"a": "1", "b": "2"}) == combine_digests({"b": "2", "a": "1"})
    assert combine_digests({"a": "1", "b": "2"}) != combine_digests({"a": "2", "b": "1"})


@given(INPUTS, INPUTS, INPUTS)
def test_another_declaration_has_another_digest(
    before: dict[str, Any], one: dict[str, Any], other: dict[str, Any]
) -> None:
    """And the same declaration over the same state has the same one."""
    digests = {compute_digest(preview_change(before, after)) for after in (one, other)}
    assert (len(digests) == 1) == (one == other)


@given(INPUTS, INPUTS, st.sampled_from(["update", "replace"]), st.sampled_from(["PAUSED", None]))
def test_operation_status_and_reasons_count_for_nothing(
    before: dict[str, Any], after: dict[str, Any], operation: Operation, status: str | None
) -> None:
    """A room or a recording's status decides them."""
    declared = preview_change(before, after)
    seen = preview_change(
        before, after, operation=operation, status=status, reasons=("status", "desired_state")
    )
    assert compute_digest(seen) == compute_digest(declared)


@given(INPUTS)
def test_a_new_and_a_gone_resource_count(inputs: dict[str, Any]) -> None:
    """Each class of operation has a digest of its own."""
    new, gone = preview_change(None, inputs), preview_change(inputs, None)
    digests = {compute_digest(one) for one in (new, gone, StackPreview("production"))}
    assert len(digests) == 3


@given(st.permutations(range(len(read_preview("mixed").changes))))
def test_the_order_counts_for_nothing(order: list[int]) -> None:
    """The engine does things in parallel."""
    preview = read_preview("mixed")
    shuffled = replace(preview, changes=tuple(preview.changes[number] for number in order))
    assert compute_digest(shuffled) == compute_digest(preview)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"region": "EUROPE-WEST1"}, {"region": "europe-west1"}),
        ({"max_seconds": 86400}, {}),
    ],
)
def test_another_spelling_is_no_change(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Neither is a default that is written down."""
    nothing = compute_digest(StackPreview("production"))
    assert compute_digest(preview_change(one, other)) == nothing


def test_a_rotated_secret_counts_and_its_value_does_not() -> None:
    """The engine alone knows that it differs."""
    preview = read_preview("mixed")
    change = find_change(preview, "rotated")
    unchanged = with_change(preview, replace(change, reasons=()))
    assert compute_digest(unchanged) != compute_digest(preview)


def test_an_own_key_counts_by_its_generation() -> None:
    """Its value follows from that, and from what somebody did in the cloud."""
    preview = read_preview("mixed")
    gate = replace(find_change(preview, "archive-gate"), reasons=())
    assert compute_digest(with_change(preview, gate)) == compute_digest(preview)
    writer = find_change(preview, "archive-writer")
    other = replace(writer, after={**(writer.after or {}), "key_generation": 3})
    assert compute_digest(with_change(preview, other)) != compute_digest(preview)


def test_a_credential_that_somebody_gives_counts() -> None:
    """The stack did not make it, so a reviewer has to see it."""
    preview = read_preview("mixed")
    gate = find_change(preview, "archive-gate")
    before, after = (
        {**(one or {}), "created_by_stack": False} for one in (gate.before, gate.after)
    )
    given = replace(gate, before=before, after=after)
    unchanged = replace(given, reasons=())
    digests = {compute_digest(with_change(preview, one)) for one in (given, unchanged)}
    assert len(digests) == 2
