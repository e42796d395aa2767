"""Drift as the real engine's previews show it, and what is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from realtimekit_provider.cli.changes.effects import format_plain
from realtimekit_provider.cli.changes.endings import Ending, parse_endings
from realtimekit_provider.cli.changes.stack_preview import Change, StackPreview
from realtimekit_provider.cli.drift.findings import find_drift
from tests.cli.changes.recorded import find_change, read_preview

URN = "urn:pulumi:prod::acme::pulumi-python:dynamic/realtimekit:TrackRecording::standup"
INPUTS = {"meeting_id": "M", "desired_state": "RECORDING", "layers": {"default": {}}}


def describe(preview: StackPreview) -> list[tuple[str, str, str]]:
    return [(one.cause, one.name, format_plain(one.phrase)) for one in find_drift(preview)]


def test_outside_changes_are_distinguished() -> None:
    """A pause, a key and a bucket; not what follows from the key, nor who entered a room."""
    assert describe(read_preview("drift")) == [
        (
            "storage",
            "archive-location",
            "was changed outside of this stack: public_access",
        ),
        (
            "key",
            "archive-writer",
            "has a key, a user or rights that were changed outside of this stack",
        ),
        (
            "paused",
            "pauses",
            "was paused outside of this stack, and is declared as RECORDING",
        ),
    ]


@pytest.mark.parametrize("name", ["nothing", "drift-unseen"])
def test_a_stack_as_declared_has_no_drift(name: str) -> None:
    """Somebody has entered an empty room in the second one: meetings begin and end."""
    assert describe(read_preview(name)) == []


def test_undeployed_changes_are_no_outside_changes() -> None:
    """What is new, gone and declared otherwise, each in its words."""
    found = find_drift(read_preview("mixed-refresh"))
    assert {one.cause for one in found} == {"undeployed"}
    texts = {one.name: format_plain(one.phrase) for one in found}
    assert texts["new"] == "is new"
    assert texts["removed"] == "is no longer declared"
    assert texts["longer"] == "is declared otherwise: max_seconds changes from 600 to 900"
    assert "empty" not in texts


@pytest.mark.parametrize(
    ("declared", "status", "cause"),
    [("RECORDING", "PAUSED", "paused"), ("PAUSED", "RECORDING", "resumed")],
)
def test_both_changes_of_a_state_have_their_words(declared: str, status: str, cause: str) -> None:
    """By what the recording does, and what is declared."""
    inputs = {**INPUTS, "desired_state": declared}
    change = Change(
        URN, "TrackRecording", "standup", "update", ("desired_state",), inputs, inputs, status
    )
    assert [one[0] for one in describe(StackPreview("prod", (change,)))] == [cause]


def test_one_recording_can_be_changed_in_both_ways() -> None:
    """Paused outside, and declared with another length."""
    change = find_change(read_preview("drift"), "pauses")
    longer = replace(
        change,
        reasons=("desired_state", "max_seconds"),
        after={**(change.after or {}), "max_seconds": 600},
    )
    found = describe(StackPreview("prod", (longer,)))
    assert [one[0] for one in found] == ["paused", "undeployed"]


@pytest.mark.parametrize("kind", ["TrackRecording", "StorageLocation"])
def test_a_deleted_thing_is_gone(kind: str) -> None:
    """The refresh found nothing, and it is declared as before."""
    change = Change(URN, kind, "standup", "create", before=INPUTS, after=INPUTS)
    assert [one[0] for one in describe(StackPreview("prod", (change,)))] == ["gone"]


ENDINGS = {
    "stopped outside": ("UPLOADED", "API_CALL", 100, {}, ["stopped"]),
    "still uploading": ("UPLOADING", "API_CALL", 100, {}, ["stopped"]),
    "of unknown length": ("UPLOADED", "API_CALL", None, {}, ["stopped"]),
    "everybody left": ("UPLOADED", "ALL_PEERS_LEFT", 100, {}, []),
    "as long as it may be": ("UPLOADED", "API_CALL", 595, {"max_seconds": 600}, []),
    "a whole day": ("UPLOADED", "API_CALL", 86400, {}, []),
    "no reason": ("ERRORED", None, 100, {}, []),
    "live": ("RECORDING", None, None, {}, []),
}


@pytest.mark.parametrize("case", ENDINGS)
def test_an_end_by_itself_is_no_drift(case: str) -> None:
    """The API gives one reason for a call and for ``max_seconds``: the length tells them apart."""
    status, reason, seconds, inputs, causes = ENDINGS[case]
    preview = StackPreview(
        "prod", endings=parse_endings(build_events(status, reason, seconds, inputs))
    )
    assert [one[0] for one in describe(preview)] == causes


def test_an_end_that_the_state_knows_is_none_since_then() -> None:
    """The last deployment has seen it."""
    events = build_events("UPLOADED", "API_CALL", 100, {}, before="UPLOADED")
    assert parse_endings(events) == ()
    assert Ending(URN, "UPLOADED", "API_CALL", None, 600.0).is_stopped_outside


def build_events(
    status: str,
    reason: str | None,
    seconds: int | None,
    inputs: dict[str, Any],
    before: str = "RECORDING",
) -> list[dict[str, Any]]:
    """Return the events of a recording's refresh and of its step, as the engine has them."""
    ended = None if seconds is None else f"2026-01-{1 + seconds // 86400:02}T{format_time(seconds)}"
    after = {
        **inputs,
        "status": status,
        "stop_reason": reason,
        "started_time": "2026-01-01T00:00:00.000Z",
        "stopped_time": ended,
    }
    kind = "pulumi-python:dynamic/realtimekit:TrackRecording"
    return [
        {
            "resourcePreEvent": {
                "metadata": {"op": op, "urn": URN, "type": kind, "old": {"outputs": outputs}}
            }
        }
        for op, outputs in (("refresh", {"status": before}), ("same", after))
    ]


def format_time(seconds: int) -> str:
    hours, rest = divmod(seconds % 86400, 3600)
    return f"{hours:02}:{rest // 60:02}:{rest % 60:02}.000Z"
