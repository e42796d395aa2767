"""What a preview says of each change, in recording words."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.cli.changes.effects import Effect, format_plain
from realtimekit_provider.cli.changes.stack_preview import Change, Message, StackPreview
from realtimekit_provider.cli.changes.words import count_effects, describe_changes
from tests.cli.changes.recorded import read_preview

MEETING = {"meeting_id": "M"}
BUCKET = {"type": "aws", "bucket": "calls"}


def describe(kind: str = "TrackRecording", **fields: Any) -> Effect:
    """Return what one change comes to."""
    urn = f"urn:pulumi:production::acme::pulumi-python:dynamic/realtimekit:{kind}::standup"
    change = Change(urn, kind, "standup", **fields)
    (effect,) = describe_changes(StackPreview("production", (change,)))
    return effect


def test_every_recorded_change_is_counted_in_its_column() -> None:
    """A storage's location, key and gate are told as one."""
    effects = describe_changes(read_preview("mixed"))
    assert count_effects(effects) == {
        "start": 2,
        "pause": 1,
        "resume": 1,
        "stop": 2,
        "replace": 1,
        "storage": 4,
        "keys": 2,
        "other": 3,
    }
    losses = [one.name for one in effects if one.is_loss]
    assert losses == ["removed", "stops", "longer", "emptied", "moved"]
    assert losses == [one.name for one in effects[: len(losses)]]


def test_a_recording_outside_of_its_declaration_says_so() -> None:
    """Somebody paused it, deleted its key and opened its bucket."""
    found = [format_plain(one.phrase) for one in describe_changes(read_preview("drift"))]
    assert sum("outside" in one for one in found) == 3


def test_the_remark_of_a_row_is_not_repeated_as_a_note() -> None:
    """The sentence about the recording says the same; any other remark is a note."""
    remarks = ("resumes the recording of meeting M, which was paused outside", "looks odd")
    effect = describe(
        operation="update",
        before=MEETING,
        after=MEETING,
        status="PAUSED",
        remarks=tuple(Message("info", "", text) for text in remarks),
    )
    assert (effect.column, effect.notes) == ("resume", ("looks odd",))


@pytest.mark.parametrize(
    ("fields", "column", "text"),
    [
        ({"on_no_session": "skip"}, "start", "starts recording meeting M, if somebody is in it"),
        (
            {"on_no_session": "wait", "desired_state": "PAUSED"},
            "start",
            "starts recording meeting M, as soon as somebody is in it and pauses at once",
        ),
        ({"desired_state": "STOPPED"}, "other", "declares meeting M and starts nothing"),
        ({"adopt_recording_id": "R"}, "other", "takes over recording R of meeting M"),
    ],
)
def test_a_new_recording_says_what_it_starts(
    fields: dict[str, Any], column: str, text: str
) -> None:
    """By its policies."""
    effect = describe(operation="create", after={**MEETING, **fields})
    assert (effect.column, format_plain(effect.phrase)) == (column, text)


@pytest.mark.parametrize(
    ("status", "after", "column", "text"),
    [
        (
            "RECORDING",
            {"meeting_id": "N"},
            "replace",
            (
                "ends the live recording of meeting M and starts one of meeting N, because "
                "meeting_id changes from M to N"
            ),
        ),
        (
            "PAUSED",
            {**MEETING, "max_seconds": 60, "desired_state": "STOPPED"},
            "stop",
            (
                "ends the live recording of meeting M and starts none, because desired_state is "
                "set to STOPPED, max_seconds is set to 60"
            ),
        ),
        (
            "UPLOADED",
            {**MEETING, "on_ended": "restart"},
            "start",
            (
                "starts recording meeting M again: the last recording of it ended (UPLOADED); "
                "also, on_ended is set to restart"
            ),
        ),
        ("NOT_STARTED", MEETING, "start", "starts recording meeting M"),
        (
            "NO_SESSION",
            MEETING,
            "start",
            "starts recording meeting M, which nobody was in at the last deployment",
        ),
        (
            "UPLOADED",
            {"meeting_id": "N", "desired_state": "STOPPED"},
            "other",
            (
                "starts nothing for meeting N, because desired_state is set to STOPPED, meeting_id "
                "changes from M to N"
            ),
        ),
        (
            "RECORDING",
            MEETING,
            "replace",
            (
                "ends the live recording of meeting M and starts another, because what it depends "
                "on is replaced"
            ),
        ),
    ],
)
def test_a_replacement_says_what_ends_and_why(
    status: str, after: dict[str, Any], column: str, text: str
) -> None:
    """One that is not live ends nothing."""
    effect = describe(operation="replace", before=MEETING, after=after, status=status)
    assert (effect.column, format_plain(effect.phrase)) == (column, text)
    assert effect.is_loss == (column in {"replace", "stop"})


def test_a_status_is_no_cause_of_a_replacement() -> None:
    """The sentence has it already."""
    effect = describe(
        operation="replace", before=MEETING, after=MEETING, status="RECORDING", reasons=("status",)
    )
    assert format_plain(effect.phrase) == (
        "ends the live recording of meeting M and starts another"
    )


@pytest.mark.parametrize(
    ("fields", "reasons", "text"),
    [
        (
            {"max_seconds": 60, "on_delete": "leave", "desired_state": "PAUSED"},
            (),
            ", because max_seconds is set to 60; also, desired_state is set to PAUSED, on_",
        ),
        (
            {"on_delete": "leave"},
            (),
            ", because what it depends on is replaced; also, on_delete is",
        ),
        ({"on_delete": "leave"}, ("status",), "; also, on_delete is set to leave"),
        (
            {"adopt_recording_id": "R", "on_delete": "leave"},
            ("adopt_recording_id", "on_delete"),
            ", because adopt_recording_id is set to R; also, on_delete is set to leave",
        ),
    ],
)
def test_a_replacement_is_caused_by_what_replaces(
    fields: dict[str, Any], reasons: tuple[str, ...], text: str
) -> None:
    """A policy that changes beside it ends nothing."""
    effect = describe(
        operation="replace",
        before=MEETING,
        after={**MEETING, **fields},
        status="RECORDING",
        reasons=reasons,
    )
    start = "ends the live recording of meeting M and starts another"
    assert format_plain(effect.phrase).startswith(f"{start}{text}")


@pytest.mark.parametrize(
    ("config", "address"),
    [
        ({"type": "aws", "bucket": "calls", "path": "a"}, "aws://calls/a"),
        ({"type": "azure", "bucket": "calls", "path": "/a/b/"}, "azure://calls/a/b"),
        ({"type": "gcs", "bucket": "calls"}, "gcs://calls/"),
        (
            {"type": "sftp", "host": "::1", "port": 22, "username": "u", "path": "a"},
            "sftp://u@[::1]:22/a",
        ),
        ({"type": "aws"}, "aws://None/"),
    ],
)
def test_a_new_recording_says_where_its_files_go(config: dict[str, Any], address: str) -> None:
    """With the folder, as the stack's outputs name it: two folders of a bucket are two places."""
    layers = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": config}]}}
    effect = describe(operation="create", after={**MEETING, "layers": layers})
    assert format_plain(effect.phrase) == f"starts recording meeting M, into {address}"


@pytest.mark.parametrize(
    ("status", "desired", "column", "text"),
    [
        ("RECORDING", "PAUSED", "pause", "pauses the recording of meeting M; also"),
        ("PAUSED", "RECORDING", "resume", "resumes the recording of meeting M; also"),
        ("PAUSED", "STOPPED", "stop", "stops the live recording of meeting M; also"),
        ("UPLOADED", "STOPPED", "other", "only stores that desired_state is set to STOPPED"),
        ("RECORDING", "[unknown]", "other", "only stores that desired_state is set to [unknown]"),
    ],
)
def test_an_update_says_its_step_and_whatever_else_changes(
    status: str, desired: str, column: str, text: str
) -> None:
    """A policy that changes beside it is not hidden by it."""
    after = {**MEETING, "desired_state": desired, "on_delete": "leave"}
    effect = describe(operation="update", before=MEETING, after=after, status=status)
    assert effect.column == column
    assert format_plain(effect.phrase) == f"{text}, on_delete is set to leave"


@pytest.mark.parametrize(
    ("status", "on_delete", "column", "text"),
    [
        (
            "RECORDING",
            "stop",
            "stop",
            "stops the live recording of meeting M: it is no longer declared",
        ),
        (
            "RECORDING",
            "leave",
            "other",
            "forgets the live recording of meeting M, which keeps running",
        ),
        ("UPLOADED", "stop", "other", "forgets meeting M, whose recording has ended (UPLOADED)"),
        ("NO_SESSION", "stop", "other", "forgets meeting M, of which nothing was recorded"),
    ],
)
def test_a_recording_that_is_declared_no_more_says_what_stops(
    status: str, on_delete: str, column: str, text: str
) -> None:
    """Files stay in any case."""
    before = {**MEETING, "on_delete": on_delete}
    effect = describe(operation="delete", before=before, status=status)
    assert (effect.column, format_plain(effect.phrase)) == (column, text)
    assert effect.is_loss == (column == "stop")


@pytest.mark.parametrize(("status", "is_loss"), [("RECORDING", True), ("UPLOADED", False)])
def test_a_leftover_that_is_live_is_a_loss(status: str, *, is_loss: bool) -> None:
    """A replacement was interrupted before it stopped the recording."""
    effect = describe(operation="delete", before=MEETING, status=status, is_leftover=True)
    assert (effect.column, effect.is_loss) == ("stop" if is_loss else "other", is_loss)
    assert format_plain(effect.phrase) == (
        "removes what an interrupted replacement left of meeting M"
    )


@pytest.mark.parametrize(
    ("before", "after", "text", "is_loss"),
    [
        ({"on_delete": "keep"}, None, "if it is empty, and keeps it if not", False),
        ({"on_delete": "fail"}, None, "if it is empty, and fails if not", False),
        ({"on_delete": "force"}, None, "with all files in it", True),
        ({"on_delete": "force", "existing": True}, None, "as it is: it is not this stack's", False),
        (None, {"existing": True}, "uses the existing gcs bucket calls in EU", False),
        ({}, {"versioning": True}, "versioning is set to true", False),
    ],
)
def test_a_location_says_what_becomes_of_its_files(
    before: dict[str, Any] | None, after: dict[str, Any] | None, text: str, *, is_loss: bool
) -> None:
    """By the policy in the state, which decides."""
    bucket = {"type": "gcs", "bucket": "calls", "region": "EU"}
    effect = describe(
        "StorageLocation",
        operation="create" if before is None else "delete" if after is None else "update",
        before=None if before is None else {**bucket, **before},
        after=None if after is None else {**bucket, **after},
    )
    assert text in format_plain(effect.phrase)
    assert (effect.column, effect.is_loss) == ("storage", is_loss)


@pytest.mark.parametrize(
    ("before", "after", "reasons", "text", "is_loss"),
    [
        ({}, {"retention_days": 30}, (), "older than 30 days in the gcs bucket c are", True),
        ({"retention_days": 30}, {"retention_days": 1}, (), "files older than 1 day in", True),
        ({"retention_days": 1}, {"retention_days": 30}, (), "", False),
        ({"retention_days": 30}, {}, (), "", False),
        ({}, {"retention_days": 1, "existing": True}, (), "", False),
        ({}, {"retention_days": "[unknown]"}, (), "older than [unknown] days", True),
        (
            {"retention_days": 9},
            {"retention_days": 9},
            ("retention_days",),
            "older than 9 days",
            True,
        ),
        ({"on_delete": "keep"}, {"on_delete": "force"}, (), "a later destroy deletes the", False),
        ({"on_delete": "force"}, {"on_delete": "keep"}, (), "", False),
        (
            {"on_delete": "keep", "existing": True},
            {"on_delete": "force", "existing": True},
            (),
            "",
            False,
        ),
    ],
)
def test_a_setting_that_deletes_files_later_says_which(
    before: dict[str, Any],
    after: dict[str, Any],
    reasons: tuple[str, ...],
    text: str,
    *,
    is_loss: bool,
) -> None:
    """A shorter retention deletes at once; a rule that somebody changed outside may."""
    bucket = {"type": "gcs", "bucket": "c"}
    effect = describe(
        "StorageLocation",
        operation="update",
        before={**bucket, **before},
        after={**bucket, **after},
        reasons=reasons,
    )
    found = [format_plain(one) for one in effect.later_deletions]
    assert len(found) == bool(text)
    assert text in "".join(found)
    assert effect.is_loss == is_loss


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"created_by_stack": True, "upload_deadline": 60}, "only stores that upload_deadline"),
        (
            {"created_by_stack": False},
            "takes a new credential for the aws bucket calls, ",
        ),
    ],
)
def test_a_gate_says_what_no_key_of_the_stack_says(fields: dict[str, Any], text: str) -> None:
    """A credential that the stack makes is told of by its key."""
    before = {
        "type": "aws",
        "bucket": "calls",
        "secret": "[secret]",
        **fields,
        "upload_deadline": 9,
    }
    effect = describe(
        "StorageGate",
        operation="update",
        reasons=("secret",),
        before=before,
        after={**before, **fields},
    )
    assert format_plain(effect.phrase).startswith(text)


@pytest.mark.parametrize(
    ("kind", "fields", "column", "text"),
    [
        ("Location", {"reasons": ("tags",)}, "storage", "sets tags of the aws bucket calls back"),
        ("Writer", {"operation": "create"}, "keys", "creates the key that writes to the aws"),
        ("Writer", {"operation": "replace"}, "keys", "replaces the key that writes to the aws"),
        ("Writer", {"operation": "delete"}, "keys", "deletes the key that writes to the aws"),
        ("Writer", {"reasons": ("in_sync",)}, "keys", "repairs the key that writes to the aws"),
        ("Writer", {"reasons": ("previous_keys",)}, "keys", "deletes the previous key of the aws"),
        ("Writer", {"before": {}}, "other", "updates the key that writes to the aws bucket calls:"),
        ("Gate", {"operation": "create"}, "other", "checks access to the aws bucket calls"),
        ("Gate", {"operation": "delete"}, "other", "waits for the last file to the aws bucket"),
    ],
)
def test_a_part_of_a_storage_has_its_sentence(
    kind: str, fields: dict[str, Any], column: str, text: str
) -> None:
    """Where nothing happens to the location that would say it too."""
    states = {"before": BUCKET, "after": BUCKET}
    effect = describe(f"Storage{kind}", **{"operation": "update", **states, **fields})
    assert (effect.column, effect.is_loss) == (column, False)
    assert format_plain(effect.phrase).startswith(text)


@pytest.mark.parametrize(
    ("inputs", "text"),
    [
        ({"type": "azure", "container": "calls"}, "the azure container calls"),
        ({"type": "sftp", "host": "files.example"}, "the sftp folder files.example"),
    ],
)
def test_a_location_has_the_noun_of_its_kind(inputs: dict[str, Any], text: str) -> None:
    """As the vendor calls it."""
    effect = describe("StorageLocation", operation="create", after=inputs)
    assert format_plain(effect.phrase) == f"creates {text}"


@pytest.mark.parametrize(
    ("status", "more"),
    [("RECORDING", ": the live one keeps the old one"), ("UPLOADED", "")],
)
def test_a_new_credential_is_for_the_next_recording(status: str, more: str) -> None:
    """The API takes none for one that runs."""
    states = []
    for folder in ("a", "b"):
        config = {"type": "aws", "bucket": "calls", "secret": "[secret]", "prefix": folder}
        layers = {"default": {"outputs": [{"type": "STORAGE_CONFIG", "storage_config": config}]}}
        states.append({**MEETING, "layers": layers})
    effect = describe(operation="update", before=states[0], after=states[1], status=status)
    assert effect.column == "keys"
    assert format_plain(effect.phrase) == (
        f"uses a new credential from the next recording on{more}"
    )


def test_a_rotation_says_what_else_changes() -> None:
    """Such as the folder that the key may write to."""
    before = {"type": "aws", "bucket": "calls", "key_generation": 1}
    after = {**before, "key_generation": 2, "prefix": "tracks"}
    effect = describe("StorageWriter", operation="update", before=before, after=after)
    assert format_plain(effect.phrase) == (
        "rotates the key that writes to the aws bucket calls (generation 1 to 2); also, prefix is "
        "set to tracks"
    )


def test_the_causes_of_a_replacement_have_both_values() -> None:
    """The first three, and how many more."""
    before = {**MEETING, "max_seconds": 600}
    after = {"meeting_id": "N", "user_ids": ["U"], "app_id": "A", "layers": {}, "on_ended": "stop"}
    effect = describe(operation="replace", before=before, after=after, status="RECORDING")
    assert format_plain(effect.phrase).partition("because ")[2] == (
        "app_id is set to A, layers changes, max_seconds is no longer 600, and 2 more inputs; "
        "also, on_ended is set to stop"
    )


def test_a_resource_of_another_package_has_the_name_of_its_type() -> None:
    """A program may declare anything."""
    effect = describe("aws:s3/bucket:Bucket", operation="create", after={"tags": {}})
    assert (effect.column, format_plain(effect.phrase)) == ("other", "creates aws:s3/bucket:Bucket")
