"""What the engine's events say."""

from __future__ import annotations

import json
from typing import Any

import pytest

from realtimekit_provider.cli.changes.digest import compute_digest
from realtimekit_provider.cli.changes.preview import parse_preview
from realtimekit_provider.cli.changes.stack_preview import StackPreview
from tests.cli.changes.recorded import find_change, read_document, read_preview


def parse(*events: dict[str, Any], exit_code: int = 0, errors: str = "") -> StackPreview:
    """Return what a preview with these events says."""
    lines = [json.dumps({"sequence": number, **one}) for number, one in enumerate(events)]
    return parse_preview("production", exit_code, "\n".join(lines), errors)


def step(
    operation: str, *, inputs: dict[str, Any] | None = None, **metadata: Any
) -> dict[str, Any]:
    """Return the event of a step of a recording."""
    kind = "pulumi-python:dynamic/realtimekit:TrackRecording"
    state = {"custom": True, "inputs": inputs or {"meeting_id": "M"}}
    states = {"old": state} if operation in {"refresh", "delete"} else {"new": state}
    urn = f"urn:pulumi:production::acme::{kind}::standup"
    return {
        "resourcePreEvent": {
            "metadata": {"op": operation, "urn": urn, "type": kind, **states, **metadata}
        }
    }


@pytest.mark.parametrize(
    "name", ["failed-check", "failed-config", "failed-program", "failed-stack"]
)
def test_a_failed_preview_says_why(name: str) -> None:
    """By an event, or by what the CLI wrote before there was any."""
    preview = read_preview(name)
    assert preview.is_failed
    assert preview.error
    assert not preview.error.startswith(("error:", "an unhandled error"))


def test_a_traceback_is_its_exception_and_line() -> None:
    """The rest is the program's and Python's own."""
    error = read_preview("failed-program").error or ""
    assert error.splitlines() == [
        "the program failed: ValueError: cannot log in with [secret]",
        '  File "/srv/acme/__main__.py", line 7, in <module>',
    ]


def test_a_remark_is_that_of_its_resource() -> None:
    """And has its severity."""
    (remark,) = find_change(read_preview("mixed"), "longer").remarks
    assert remark.severity == "warning"
    assert remark.text.startswith("ends the live recording of meeting")


def test_inputs_hold_no_secret_no_mark_and_no_provider() -> None:
    """What no program declares is left out; the mark in a prefix is its word."""
    change = find_change(read_preview("mixed"), "rotated")
    for inputs in (change.before or {}, change.after or {}):
        assert inputs.keys().isdisjoint({"__provider", "mark", "resource_urn"})
        layer = inputs["layers"]["default"]
        assert layer["file_name_prefix"] == "test_rotated_default_{mark}"
        assert layer["outputs"][0]["storage_config"]["secret"] == "[secret]"


def test_a_plaintext_credential_is_hidden_by_its_key() -> None:
    """Where a program forgot to make it a secret."""
    inputs = {"layers": {"default": {"outputs": {"0": {"storage_config": {"secret": "CANARY"}}}}}}
    assert "CANARY" not in repr(parse(step("create", inputs=inputs)))


def test_a_secret_of_any_name_is_hidden() -> None:
    """The engine sends it as an object that says so."""
    secret = {
        "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
        "ciphertext": "[secret]",
    }
    change = find_change(parse(step("create", inputs={"salt": secret})), "standup")
    assert change.after == {"salt": "[secret]"}


def test_an_unknown_value_is_its_word() -> None:
    """The engine sends a number for it, which no reviewer should have to know."""
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    change = find_change(parse(step("create", inputs={"meeting_id": unknown})), "standup")
    assert change.after == {"meeting_id": "[unknown]"}


def test_a_resource_that_a_refresh_found_gone_is_declared_as_before() -> None:
    """It is created again; what is declared did not change."""
    old = {"custom": True, "inputs": {"meeting_id": "M"}}
    preview = parse(step("refresh", old=old), step("create"))
    assert find_change(preview, "standup").operation == "create"
    assert compute_digest(preview) == compute_digest(StackPreview("production"))
    gone = parse(step("refresh", old=old))
    assert compute_digest(gone) == compute_digest(parse(step("delete", old=old)))


@pytest.mark.parametrize(
    ("operation", "meaning"),
    [
        ("create", "create"),
        ("import", "create"),
        ("create-replacement", "replace"),
        ("import-replacement", "replace"),
        ("update", "update"),
        ("delete", "delete"),
        ("discard", "delete"),
        ("remove-pending-replace", "delete"),
    ],
)
def test_every_step_of_the_engine_has_its_meaning(operation: str, meaning: str) -> None:
    """Source: ``apitype.OpType`` of Pulumi's SDK."""
    old = {"custom": True, "inputs": {"meeting_id": "M"}}
    assert find_change(parse(step(operation, old=old)), "standup").operation == meaning


def test_inputs_that_differ_are_a_change_where_the_engine_does_nothing() -> None:
    """Such as a policy of a recording that has ended: a reviewer sees it, and its digest."""
    old = {"custom": True, "inputs": {"meeting_id": "M"}}
    same = parse(step("same", old=old))
    other = parse(step("same", old=old, inputs={"meeting_id": "M", "on_delete": "leave"}))
    assert same.changes == ()
    assert find_change(other, "standup").operation == "same"
    assert compute_digest(other) != compute_digest(same)


def test_an_undeclared_resource_is_no_change() -> None:
    """The stack itself, its providers and its identity."""
    kinds = {one.kind for one in read_preview("first").changes}
    assert kinds == {"TrackRecording", "StorageLocation", "StorageWriter", "StorageGate"}


@pytest.mark.parametrize(
    ("name", "is_declared"),
    [("default", False), ("default_7_1_0", False), ("archive", True), ("default_eu", True)],
)
def test_a_provider_that_a_program_declares_counts(name: str, is_declared: bool) -> None:
    """Its region or role is reviewed too; the engine's own has none but a version."""
    kind = "pulumi:providers:aws"
    urn = f"urn:pulumi:production::acme::{kind}::{name}"
    before = {"custom": True, "inputs": {"region": "eu-west-1"}}
    changed = step("update", old=before, inputs={"region": "us-east-1"}, urn=urn, type=kind)
    assert [one.name for one in parse(changed).changes] == [name] * is_declared


def test_a_leftover_is_a_change_of_its_own() -> None:
    """An interrupted replacement left it, so the URN is there twice."""
    old = {"custom": True, "delete": True, "inputs": {"meeting_id": "M"}}
    preview = parse(step("delete", old=old), step("create"))
    assert [(one.operation, one.is_leftover) for one in preview.changes] == [
        ("create", False),
        ("delete", True),
    ]
    assert compute_digest(preview) == compute_digest(parse(step("create")))


def test_a_violated_policy_is_an_error_or_a_warning() -> None:
    """By its enforcement."""
    policy = {"policyName": "no-sftp", "message": "SFTP is not allowed"}
    events = [
        {"policyEvent": {**policy, "enforcementLevel": level}}
        for level in ("advisory", "mandatory")
    ]
    preview = parse(*events, exit_code=5)
    assert [one.severity for one in preview.messages] == ["warning", "error"]
    assert preview.error == "policy no-sftp: SFTP is not allowed"
    assert preview.exit_code == 5


def test_lines_that_are_no_events_are_passed_over() -> None:
    """A plugin may print what it likes."""
    document = read_document("nothing")
    lines = ["warning: x", "{", '{"a": 1}', *map(json.dumps, document["events"])]
    assert parse_preview("test", 0, "\n".join(lines), "") == read_preview("nothing")
