"""What becomes of a place when its declaration changes, or somebody changed it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from realtimekit_provider.schema.input_diff import InputDiff
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.location.inputs import (
    apply_location_defaults,
    diff_location,
    location_key,
    location_to_inputs,
    parse_location,
    validate_location,
)
from tests.example_values import PRIVATE_KEY

HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIF0uKzQ3kZ1mE0c2m2d2yq5Hk0r6nZ8o1u3v5w7x9y1A"
BUCKET = {"bucket": "acme-recordings", "region": "eu-central-1"}
PLACES: Mapping[str, Mapping[str, Any]] = {
    "aws": {"kind": "aws", **BUCKET},
    "azure": {"kind": "azure", "account": "acme", "bucket": "recordings"},
    "digitalocean": {"kind": "digitalocean", **BUCKET},
    "gcs": {"kind": "gcs", "project": "acme-prod", **BUCKET},
    "sftp": {
        "kind": "sftp",
        "host": "sftp.example.com",
        "username": "recorder",
        "path": "/upload",
        "auth_method": "KEY",
        "private_key": PRIVATE_KEY,
        "host_key": HOST_KEY,
    },
}
ANOTHER: Mapping[str, Mapping[str, Any]] = {
    "bucket": {"bucket": "acme-archive"},
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
"""Values of a declaration, or of what somebody made of the place, that need no other place."""


@pytest.mark.parametrize("kind", PLACES)
def test_a_place_is_complete_with_its_defaults(kind: str) -> None:
    """A refresh can then show which of them somebody changed; completing twice adds nothing."""
    inputs = apply_location_defaults(PLACES[kind])
    assert list(validate_location(inputs)) == []
    assert apply_location_defaults(inputs) == inputs
    assert location_to_inputs(parse_location(inputs)) == inputs


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("aws", {"public_access": "blocked", "ownership": "BucketOwnerEnforced", "tls_only": True}),
        ("aws", {"encryption": "AES256", "abort_uploads_days": 7, "versioning": False}),
        ("azure", {"public_access": "blocked"}),
        ("digitalocean", {"public_access": "blocked", "abort_uploads_days": 7}),
        ("gcs", {"public_access": "blocked", "uniform_access": True}),
        ("sftp", {"port": 22}),
        *((kind, {"existing": False, "on_delete": "keep"}) for kind in PLACES),
    ],
)
def test_defaults_are_the_safe_ones(kind: str, expected: dict[str, Any]) -> None:
    """Private, encrypted, TLS only, and nothing that holds objects is deleted."""
    inputs = apply_location_defaults(PLACES[kind])
    assert {name: inputs[name] for name in expected} == expected


def test_none_says_nothing() -> None:
    """A default stays where a program gives ``None``."""
    assert (
        apply_location_defaults({**PLACES["aws"], "abort_uploads_days": None})["abort_uploads_days"]
        == 7
    )


@pytest.mark.parametrize(
    ("kind", "name"),
    [(kind, name) for kind, given in PLACES.items() for name in ("kind", *ANOTHER) if name in given]
    + [("digitalocean", "endpoint"), ("sftp", "port")],
)
def test_another_place_is_another_resource(kind: str, name: str) -> None:
    """Whatever says where it is; one that is not known yet counts as another."""
    before = apply_location_defaults(PLACES[kind])
    for change in (ANOTHER.get(name, {"kind": "other"}), {name: UNKNOWN}):
        assert diff_location(before, {**before, **change}) == InputDiff(replaces=(name,))


@pytest.mark.parametrize("name", UPDATED)
def test_everything_else_is_updated_in_place(name: str) -> None:
    """On a bucket with objects, a replacement would be the worst answer to a setting."""
    before = apply_location_defaults(PLACES["aws"])
    assert diff_location(before, {**before, name: UPDATED[name]}) == InputDiff(updates=(name,))


def test_a_place_that_is_as_declared_does_not_change() -> None:
    inputs = apply_location_defaults(PLACES["aws"])
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
    ("kind", "changed", "path"),
    [
        ("aws", {"bucket": "s3://acme"}, "bucket"),
        ("aws", {"region": "us east"}, "region"),
        ("aws", {"encryption": "none"}, "encryption"),
        ("aws", {"public_access": "open"}, "public_access"),
        ("aws", {"retention_days": 0}, "retention_days"),
        ("aws", {"on_delete": "delete"}, "on_delete"),
        ("aws", {"acl": "private"}, "acl"),
        ("azure", {"account": "Acme"}, "account"),
        ("azure", {"bucket": "a--b"}, "bucket"),
        ("digitalocean", {"endpoint": "sgp1.example.com"}, "endpoint"),
        ("gcs", {"project": "x"}, "project"),
        ("gcs", {"uniform_access": False}, "uniform_access"),
        ("sftp", {"host_key": "AAAA"}, "host_key"),
        ("sftp", {"port": 0}, "port"),
    ],
)
def test_a_mistake_is_told_with_its_path(kind: str, changed: dict[str, Any], path: str) -> None:
    [problem] = validate_location(apply_location_defaults({**PLACES[kind], **changed}))
    assert problem.path == path


def test_a_kind_that_does_not_exist_is_told_with_those_that_do() -> None:
    [problem] = validate_location(apply_location_defaults({"kind": "s3"}))
    assert problem.path == "kind"
    assert problem.reason == "must be one of aws, azure, digitalocean, gcs, sftp"
    assert str(problem) == "kind: must be one of aws, azure, digitalocean, gcs, sftp"


def test_what_is_wrong_with_the_whole_is_told_without_a_path() -> None:
    [problem] = validate_location(apply_location_defaults({**PLACES["sftp"], "private_key": None}))
    assert str(problem) == "auth_method KEY needs private_key"


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_not_known_yet_is_no_mistake(kind: str) -> None:
    """A preview knows none of another resource's outputs."""
    for name in PLACES[kind].keys() - {"kind"}:
        assert (
            list(validate_location(apply_location_defaults({**PLACES[kind], name: UNKNOWN}))) == []
        )


@pytest.mark.parametrize("kind", PLACES)
def test_a_place_is_told_from_others_by_where_it_is_alone(kind: str) -> None:
    """Not by what it is set to, nor by how its server is logged in to."""
    place = apply_location_defaults(PLACES[kind])
    same = {**place, "on_delete": "force", "existing": True, "password": "x", "retention_days": 3}
    part = "path" if kind == "sftp" else "bucket"
    assert location_key(same) == location_key(place)
    assert location_key({**place, part: "elsewhere"}) != location_key(place)


@pytest.mark.parametrize("kind", PLACES)
def test_what_is_unknown_or_missing_is_nowhere_yet(kind: str) -> None:
    """A preview may not know the name of a bucket, nor an invalid declaration give it."""
    place = apply_location_defaults(PLACES[kind])
    part = "path" if kind == "sftp" else "bucket"
    assert location_key({**place, part: UNKNOWN}) is None
    assert location_key({key: value for key, value in place.items() if key != part}) is None
    assert location_key({"kind": "floppy", part: "a"}) is None


def test_a_folder_is_the_same_however_it_is_written() -> None:
    """A relative one lies in the home of its user."""
    place = apply_location_defaults(PLACES["sftp"])
    there = location_key(place)
    assert there == location_key({**place, "path": "/upload/./", "host": "SFTP.example.com"})
    assert there == location_key({**place, "username": "other"})
    relative = {**place, "path": "upload"}
    assert location_key(relative) == location_key({**place, "path": "./upload/"})
    assert location_key(relative) != location_key({**relative, "username": "other"})
    below = location_key({**place, "path": "/upload/team"})
    assert there is not None
    assert below is not None
    assert below[: len(there)] == there
