"""A gate's inputs: their defaults, mistakes, and what a change of them needs."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.storage_config import (
    CREDENTIAL_KEYS,
    TARGET_KEYS,
)
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.gate.inputs import (
    apply_gate_defaults,
    diff_gate,
    select_storage_config,
    validate_gate,
)
from tests.example_values import ACCOUNT, CANARY, STORAGE, URN
from tests.storage.gate.fake_gate import (
    APPS,
    gate_inputs,
)


@pytest.mark.parametrize("storage_type", STORAGE)
def test_the_apps_of_a_gate_are_the_stacks_own_by_default(storage_type: str) -> None:
    """Its ``storage_config`` is the one that was given, key by key."""
    inputs = gate_inputs(storage_type)
    assert list(validate_gate(inputs)) == []
    assert (inputs["apps"], inputs["write_test"], inputs["upload_deadline"]) == (APPS, True, 900)
    assert select_storage_config(inputs) == STORAGE[storage_type]


@pytest.mark.parametrize(
    ("storage_type", "changed", "path"),
    [
        ("aws", {"secret": None}, "secret"),
        ("aws", {"bucket": "s3://acme"}, "bucket"),
        ("aws", {"password": "CANARY"}, "password"),
        ("aws", {"upload_deadline": -1}, "upload_deadline"),
        ("aws", {"apps": [{"account_id": ACCOUNT}]}, "apps[0].app_id"),
        ("aws", {"surprise": 1}, "surprise"),
        ("aws", {"type": "s3"}, "type"),
        ("sftp", {"host_key": None}, "host_key"),
        ("sftp", {"host_key": "AAAA"}, "host_key"),
        ("aws", {"endpoint": "https://s3.example.com"}, "endpoint"),
        ("digitalocean", {"endpoint": "http://spaces.example.com"}, "endpoint"),
        ("sftp", {"private_key": None}, ""),
    ],
)
def test_a_mistake_is_reported_with_its_path(
    storage_type: str, changed: dict[str, Any], path: str
) -> None:
    """And without a credential."""
    [failure] = validate_gate(gate_inputs(storage_type, **changed))
    assert failure.path == path
    assert CANARY not in failure.reason


@pytest.mark.parametrize("named", [[], APPS, UNKNOWN])
def test_a_gate_without_apps_is_refused(named: Any) -> None:
    """Where the stack has no app of its own, the list is given, be it empty or not known yet."""
    given = {**STORAGE["aws"], "resource_urn": URN}
    [failure] = validate_gate(apply_gate_defaults(given, []))
    assert failure.path == "apps"
    assert failure.reason.startswith("name whose recordings may write here")
    assert list(validate_gate(apply_gate_defaults({**given, "apps": named}, []))) == []


def test_a_host_key_is_optional_without_a_write_test() -> None:
    """The API has its own; ours is to check the server that the write test connects to."""
    for write_test in (False, UNKNOWN):
        assert list(validate_gate(gate_inputs("sftp", host_key=None, write_test=write_test))) == []


@pytest.mark.parametrize("storage_type", STORAGE)
def test_an_unknown_input_is_no_mistake(storage_type: str) -> None:
    for name in gate_inputs(storage_type):
        assert list(validate_gate({**gate_inputs(storage_type), name: UNKNOWN})) == []


@pytest.mark.parametrize("name", [*TARGET_KEYS, *CREDENTIAL_KEYS])
def test_another_target_is_another_gate_and_another_credential_is_not(name: str) -> None:
    """Each waits for the recordings of its own target; not known yet counts as changed."""
    for value in ("other", UNKNOWN):
        found = diff_gate(gate_inputs(), {**gate_inputs(), name: value})
        expected = (
            InputDiff(replaces=(name,)) if name in TARGET_KEYS else InputDiff(updates=(name,))
        )
        assert found == expected


def test_another_endpoint_is_another_gate() -> None:
    """A slash at its end makes no other."""
    before = gate_inputs("digitalocean", endpoint="https://spaces.test")
    for after in ({**before, "endpoint": "https://own.test"}, gate_inputs("digitalocean")):
        assert diff_gate(before, after) == InputDiff(replaces=("endpoint",))
    assert diff_gate(before, {**before, "endpoint": "https://spaces.test/"}).is_empty


@pytest.mark.parametrize("name", ["apps", "write_test", "upload_deadline", "host_key"])
def test_a_setting_of_the_gate_is_updated(name: str) -> None:
    assert diff_gate(gate_inputs(), {**gate_inputs(), name: "other"}) == InputDiff(updates=(name,))


def test_a_gate_that_is_as_declared_does_not_change() -> None:
    """A new URN, after a rename by an alias, is none, nor is who creates the credential."""
    assert diff_gate(gate_inputs(), gate_inputs(created_by_stack=True)).is_empty
    assert diff_gate(gate_inputs(), gate_inputs(resource_urn="other")).is_empty


def test_a_key_of_a_storage_config_says_where_or_with_which_right() -> None:
    """None is both, and each credential is among the second."""
    assert not set(TARGET_KEYS) & set(CREDENTIAL_KEYS)
    assert set(CREDENTIAL_KEYS) >= SECRET_KEYS
    assert {key for one in STORAGE.values() for key in one} <= {*TARGET_KEYS, *CREDENTIAL_KEYS}
