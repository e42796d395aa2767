"""The digest of what a stack declares: the same wherever the same is declared, and only there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from realtimekit_provider.cli.changes.digest import combine_digests, compute_digest
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from tests.cli.changes.recorded import find_change, read_preview

MIXED = ("mixed", "mixed-refresh", "mixed-without-token")


def with_change(preview: StackPreview, change: Change) -> StackPreview:
    """Return the preview with another change of the same resource."""
    return replace(
        preview,
        changes=tuple(change if one.urn == change.urn else one for one in preview.changes),
    )


def test_token_refresh_and_room_change_no_digest() -> None:
    """Somebody entered a room before the second one; the third one had no token."""
    assert len({compute_digest(read_preview(name)) for name in MIXED}) == 1
    assert find_change(read_preview("mixed-refresh"), "empty").operation == "replace"


def test_the_digest_is_that_of_other_processes_and_machines() -> None:
    """It is written down, so another run, another Python and another machine make it again."""
    after = {"meeting_id": "M", "layers": {"default": {}}, "max_seconds": 600}
    urn = "urn:pulumi:production::acme::pulumi-python:dynamic/realtimekit:TrackRecording::standup"
    change = Change(urn, "TrackRecording", "standup", "create", after=after)
    assert (
        compute_digest(StackPreview("production", (change,))) == "11a40e68fcf1852caedbbc5b07d419b2"
    )


def test_stacks_that_declare_the_same_have_digests_of_their_own() -> None:
    """A digest is for one stack."""
    one, other = StackPreview("one"), StackPreview("other")
    assert compute_digest(one) != compute_digest(other)
    assert combine_digests({"a": "1", "b": "2"}) == combine_digests({"b": "2", "a": "1"})


@pytest.mark.parametrize("value", ["STOPPED", "RECORDING"])
def test_another_value_is_another_digest(value: str) -> None:
    """The one that differs, and one that would not differ any more."""
    preview = read_preview("mixed")
    change = find_change(preview, "pauses")
    other = replace(change, after={**(change.after or {}), "desired_state": value})
    assert compute_digest(with_change(preview, other)) != compute_digest(preview)


def test_a_rotated_secret_counts_and_its_value_does_not() -> None:
    """The engine alone knows that it differs."""
    preview = read_preview("mixed")
    change = find_change(preview, "rotated")
    assert compute_digest(with_change(preview, replace(change, reasons=()))) != compute_digest(
        preview
    )
