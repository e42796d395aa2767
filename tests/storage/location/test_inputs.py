"""A location's inputs: their defaults, mistakes, and what a change of them needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES
from realtimekit_provider.storage.location.inputs import (
    LocationInputs,
    add_ownership,
    apply_location_defaults,
    build_location_key,
    diff_location,
    get_naming_field,
    is_owned,
    location_to_inputs,
    validate_location,
)
from tests.storage.location.location_inputs import LOCATIONS

ADDRESSES: Mapping[str, Mapping[str, Any]] = {
    "bucket": {"bucket": "acme-archive"},
    "container": {"container": "archive"},
    "region": {"region": "eu-west-1"},
    "account": {"account": "other"},
    "project": {"project": "acme-test"},
    "endpoint": {"endpoint": "https://sgp1.example.com"},
    "host": {"host": "other.example.com"},
    "port": {"port": 2222},
    "path": {"path": "/elsewhere"},
}
UPDATED: Mapping[str, Any] = {
    "existing": True,
    "on_delete": "force",
    "retention_days": 30,
    "abort_uploads_days": 1,
    "encryption": "aws:kms",
    "tls_only": False,
    "versioning": True,
    "public_access": "open",
    "ownership": "ObjectWriter",
    "uniform_access": False,
    "username": "another",
    "auth_method": "PASSWORD",
    "password": "CANARY-password",
    "private_key": "CANARY-key",
    "host_key": "ssh-ed25519 AAAA",
}
"""Values, declared or found in the cloud, that need no other location."""


@pytest.mark.parametrize("storage_type", LOCATIONS)
def test_defaults_are_written_out_once(storage_type: str) -> None:
    """A refresh can then show which of them somebody changed; applying them twice adds nothing."""
    inputs = apply_location_defaults(LOCATIONS[storage_type])
    assert list(validate_location(inputs)) == []
    assert apply_location_defaults(inputs) == inputs
    assert location_to_inputs(LocationInputs.from_props(inputs).location) == inputs


@pytest.mark.parametrize(
    ("storage_type", "expected"),
    [
        ("aws", {"public_access": "blocked", "ownership": "BucketOwnerEnforced", "tls_only": True}),
        ("aws", {"encryption": "AES256", "abort_uploads_days": 7, "versioning": False}),
        ("azure", {"public_access": "blocked"}),
        ("digitalocean", {"public_access": "blocked", "abort_uploads_days": 7}),
        ("gcs", {"public_access": "blocked", "uniform_access": True}),
        ("sftp", {"port": 22}),
        *((storage_type, {"existing": False, "on_delete": "keep"}) for storage_type in LOCATIONS),
    ],
)
def test_defaults_are_the_safe_ones(storage_type: str, expected: dict[str, Any]) -> None:
    """Private, encrypted, TLS only, and nothing that holds objects is deleted."""
    inputs = apply_location_defaults(LOCATIONS[storage_type])
    assert {name: inputs[name] for name in expected} == expected


def test_none_counts_as_left_out() -> None:
    """A default stays where a program gives ``None``."""
    inputs = apply_location_defaults({**LOCATIONS["aws"], "abort_uploads_days": None})
    assert inputs["abort_uploads_days"] == 7


@pytest.mark.parametrize(
    ("storage_type", "name"),
    [
        (storage_type, name)
        for storage_type, given in LOCATIONS.items()
        for name in ("type", *ADDRESSES)
        if name in given
    ]
    + [("digitalocean", "endpoint"), ("sftp", "port")],
)
def test_another_address_is_another_resource(storage_type: str, name: str) -> None:
    """One that is not known yet counts as another."""
    before = apply_location_defaults(LOCATIONS[storage_type])
    for change in (ADDRESSES.get(name, {"type": "other"}), {name: UNKNOWN}):
        assert diff_location(before, {**before, **change}) == InputDiff(replaces=(name,))


@pytest.mark.parametrize("name", UPDATED)
def test_every_other_input_is_only_an_update(name: str) -> None:
    """On a bucket with objects, a replacement would be the worst answer to a setting."""
    before = apply_location_defaults(LOCATIONS["aws"])
    assert diff_location(before, {**before, name: UPDATED[name]}) == InputDiff(updates=(name,))


def test_a_location_that_is_as_declared_does_not_change() -> None:
    inputs = apply_location_defaults(LOCATIONS["aws"])
    assert diff_location(inputs, dict(inputs)).is_empty
    assert not InputDiff(replaces=("bucket",)).is_empty
    assert not InputDiff(updates=("tls_only",)).is_empty


@given(st.dictionaries(st.sampled_from(sorted(UPDATED)), st.integers(0, 2)), st.data())
def test_a_change_names_exactly_what_differs(before: dict[str, Any], data: st.DataObject) -> None:
    """Back and forth alike, and sorted, so that a diff reads the same in every run."""
    after = data.draw(st.dictionaries(st.sampled_from(sorted(UPDATED)), st.integers(0, 2)))
    differing = {
        name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
    }
    assert diff_location(before, after).updates == tuple(sorted(differing))
    assert diff_location(after, before) == diff_location(before, after)


@pytest.mark.parametrize(
    ("storage_type", "changed", "path"),
    [
        ("aws", {"bucket": "s3://acme"}, "bucket"),
        ("aws", {"region": "us east"}, "region"),
        ("aws", {"encryption": "none"}, "encryption"),
        ("aws", {"public_access": "open"}, "public_access"),
        ("aws", {"retention_days": 0}, "retention_days"),
        ("aws", {"on_delete": "delete"}, "on_delete"),
        ("aws", {"acl": "private"}, "acl"),
        ("azure", {"account": "Acme"}, "account"),
        ("azure", {"container": "a--b"}, "container"),
        ("digitalocean", {"endpoint": "sgp1.example.com"}, "endpoint"),
        ("gcs", {"project": "x"}, "project"),
        ("gcs", {"uniform_access": False}, "uniform_access"),
        ("sftp", {"host_key": "AAAA"}, "host_key"),
        ("sftp", {"port": 0}, "port"),
    ],
)
def test_a_mistake_is_reported_with_its_path(
    storage_type: str, changed: dict[str, Any], path: str
) -> None:
    [failure] = validate_location(apply_location_defaults({**LOCATIONS[storage_type], **changed}))
    assert failure.path == path


def test_an_unknown_type_is_reported_with_the_known_ones() -> None:
    [failure] = validate_location(apply_location_defaults({"type": "s3"}))
    assert failure.path == "type"
    assert failure.reason == f"must be one of {', '.join(sorted(STORAGE_TYPES))}"
    assert str(failure) == f"type: {failure.reason}"


def test_a_mistake_in_several_inputs_is_reported_without_a_path() -> None:
    [failure] = validate_location(
        apply_location_defaults({**LOCATIONS["sftp"], "private_key": None})
    )
    assert str(failure) == "auth_method KEY needs private_key"


@pytest.mark.parametrize("storage_type", LOCATIONS)
def test_an_unknown_input_is_no_mistake(storage_type: str) -> None:
    """A preview knows none of another resource's outputs."""
    for name in LOCATIONS[storage_type].keys() - {"type"}:
        inputs = apply_location_defaults({**LOCATIONS[storage_type], name: UNKNOWN})
        assert list(validate_location(inputs)) == []


@pytest.mark.parametrize("storage_type", LOCATIONS)
def test_a_location_key_follows_from_the_address_alone(storage_type: str) -> None:
    """Not by what it is set to, nor by how its server is logged in to."""
    location = apply_location_defaults(LOCATIONS[storage_type])
    same = {
        **location,
        "on_delete": "force",
        "existing": True,
        "password": "x",
        "retention_days": 3,
    }
    part = get_naming_field(storage_type)
    assert build_location_key(same) == build_location_key(location)
    assert build_location_key({**location, part: "elsewhere"}) != build_location_key(location)


@pytest.mark.parametrize("storage_type", LOCATIONS)
def test_without_its_name_a_location_has_no_key(storage_type: str) -> None:
    """A preview may not know the name of a bucket, and an invalid declaration may not have it."""
    location = apply_location_defaults(LOCATIONS[storage_type])
    part = get_naming_field(storage_type)
    assert build_location_key({**location, part: UNKNOWN}) is None
    assert (
        build_location_key({key: value for key, value in location.items() if key != part}) is None
    )
    assert build_location_key({"type": "floppy", part: "a"}) is None


def test_a_folder_has_one_key_however_its_path_is_written() -> None:
    """A relative one lies in the home of its user."""
    location = apply_location_defaults(LOCATIONS["sftp"])
    key = build_location_key(location)
    assert key == build_location_key({**location, "path": "/upload/./", "host": "SFTP.example.com"})
    assert key == build_location_key({**location, "username": "other"})
    relative = {**location, "path": "upload"}
    assert build_location_key(relative) == build_location_key({**location, "path": "./upload/"})
    assert build_location_key(relative) != build_location_key({**relative, "username": "other"})
    below = build_location_key({**location, "path": "/upload/team"})
    assert key is not None
    assert below is not None
    assert below[: len(key)] == key


@pytest.mark.parametrize(
    ("storage_type", "name", "address"),
    [
        ("aws", "bucket", "acme-recordings"),
        ("azure", "container", "recordings"),
        ("digitalocean", "bucket", "acme-recordings"),
        ("gcs", "bucket", "acme-recordings"),
        ("sftp", "path", "sftp.example.com//upload"),
    ],
)
def test_a_location_is_named_by_one_field(storage_type: str, name: str, address: str) -> None:
    """A mistake is reported at that field; messages and the resource's id have the address."""
    assert get_naming_field(storage_type) == name
    assert LocationInputs.from_props(LOCATIONS[storage_type]).location.address == address


def test_a_location_that_a_refresh_finds_released_is_updated() -> None:
    """The update claims it again. ``released`` is for a refresh to say, and no input."""
    inputs = apply_location_defaults(LOCATIONS["aws"])
    found = {**inputs, "released": True}
    assert diff_location(found, inputs) == InputDiff(updates=("released",))
    assert LocationInputs.from_props(found) == LocationInputs.from_props(inputs)
    assert [failure.path for failure in validate_location(found)] == ["released"]


@pytest.mark.parametrize(
    ("existing", "owned", "state_is_owned"),
    [(False, True, True), (False, False, False), (True, False, False)],
)
def test_the_state_says_whether_a_location_is_owned(
    existing: bool, owned: bool, state_is_owned: bool
) -> None:
    """By a key that is no input, so it is no change; without it, one that is declared is owned."""
    inputs = {**apply_location_defaults(LOCATIONS["sftp"]), "existing": existing}
    state = add_ownership(inputs, owned=owned)
    assert is_owned(state) is state_is_owned
    assert diff_location(state, inputs).is_empty
    assert LocationInputs.from_props(state) == LocationInputs.from_props(inputs)
    if state_is_owned or existing:
        assert state == inputs
