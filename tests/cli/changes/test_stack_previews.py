"""What a second preview adds to one that failed."""

from __future__ import annotations

import pytest

from realtimekit_provider.cli.changes.stack_preview import Message, StackPreview
from realtimekit_provider.cli.changes.stack_previews import add_hidden_changes

URN = "urn:pulumi:production::acme::pulumi-python:dynamic/realtimekit:{}::standup"


@pytest.mark.parametrize(
    ("kind", "is_partial"),
    [("TrackRecording", False), ("StorageLocation", True), ("StorageGate", True)],
)
def test_a_failed_storage_may_hide_the_end_of_a_recording(kind: str, *, is_partial: bool) -> None:
    """What depends on it is previewed with what it was before."""
    failed = StackPreview(
        "production", messages=(Message("error", URN.format(kind), "no"),), error="no", exit_code=1
    )
    found = add_hidden_changes(failed, lambda _excluded: StackPreview("production"))
    assert found.is_partial is is_partial
