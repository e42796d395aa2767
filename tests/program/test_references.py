"""Credentials in a stack's config: references to encrypted keys."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from realtimekit_provider.program.references import resolve_references
from tests.bad_inputs import replace_at
from tests.example_values import CANARY, STORAGE
from tests.program.stack_config import (
    CONFIG,
    WHERE,
    Config,
    by_reference,
    config,
    paths,
    read_mistakes,
    standup,
)


def with_secret(value: Any) -> dict[str, Any]:
    storage = {**by_reference(STORAGE["aws"])[0], "secret": value}
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    return standup(layers={"default": {"outputs": [output]}})


def reason_for(stack: Config, path: str) -> str:
    return read_mistakes(stack)[path]


SECRET_PATH = f"{WHERE}.{CONFIG}.secret"


def test_a_plaintext_credential_is_refused() -> None:
    """It says what to write instead, and where the credential goes; it does not quote it."""
    reason = reason_for(config(with_secret("CANARY"), access_key="CANARY"), SECRET_PATH)
    assert "{fromConfig: standupSecret}" in reason
    assert "pulumi config set --secret realtimekit:standupSecret" in reason
    assert CANARY not in reason


def test_a_reference_to_a_missing_key_is_reported_with_the_command() -> None:
    """The usual mistake in a new environment."""
    stack = config(with_secret({"fromConfig": "awsSecret"}), access_key="CANARY")
    assert "pulumi config set --secret realtimekit:awsSecret" in reason_for(stack, SECRET_PATH)


def test_a_reference_to_a_plaintext_value_is_refused() -> None:
    """What stands in the config in clear stands in the repository in clear."""
    stack = config(
        with_secret({"fromConfig": "awsSecret"}),
        {"realtimekit:awsSecret": "CANARY"},
        access_key="CANARY",
    )
    reason = reason_for(stack, SECRET_PATH)
    assert "stored in plain text" in reason
    assert CANARY not in reason


@pytest.mark.parametrize("odd", [{"fromConfig": 7}, {"fromConfig": "x", "y": 1}, {}, ["CANARY"]])
def test_a_mapping_that_is_no_reference_is_a_bad_credential(odd: Any) -> None:
    """It is reported at the credential's path."""
    assert SECRET_PATH in paths(config(with_secret(odd), access_key="CANARY", x="CANARY"))


@pytest.mark.parametrize(
    "odd", [{"fromConfig": 7}, {"fromConfig": ""}, {"fromConfig": "x", "y": 1}]
)
def test_a_reference_that_names_no_key_is_one_mistake(odd: Any) -> None:
    """And the advice can be followed: it is in the config's own words."""
    found = read_mistakes(config(with_secret(odd), access_key="CANARY", x="CANARY"))
    assert found == {
        SECRET_PATH: "names one key of the config: write {fromConfig: NAME} for realtimekit:NAME"
    }


@pytest.mark.parametrize(
    ("path", "where"),
    [("meeting_id", "meeting_id"), (f"{CONFIG}.bucket", f"{CONFIG}.bucket")],
)
def test_only_credentials_are_references(path: str, where: str) -> None:
    """A reviewer sees everything else where it is used."""
    recording = replace_at(
        with_secret({"fromConfig": "secret"})["standup"], path, {"fromConfig": "hidden"}
    )
    stack = config(
        {"standup": recording}, secret="CANARY", access_key="CANARY", hidden="acme-recordings"
    )
    assert "is not a credential" in reason_for(stack, f"{WHERE}.{where}")


@pytest.mark.parametrize(
    ("field", "meant"),
    [("acces_key", "access_key"), ("secret_key", "secret"), ("secret_access_key", "secret")],
)
def test_no_advice_is_to_write_a_misspelled_credential_in_plaintext(field: str, meant: str) -> None:
    """Its reference is right, the name of the field is not."""
    recording = replace_at(
        with_secret({"fromConfig": "secret"})["standup"],
        f"{CONFIG}.{field}",
        {"fromConfig": "hidden"},
    )
    stack = config({"standup": recording}, secret="CANARY", access_key="CANARY", hidden="CANARY")
    assert reason_for(stack, f"{WHERE}.{CONFIG}.{field}") == (
        f"is not a field: did you mean {meant}? "
        "There are access_key, bucket, path, region, secret, type"
    )


def test_a_reference_in_a_field_that_another_type_has_is_one_mistake() -> None:
    """That its key is not set does not matter, since there is no such field."""
    recording = replace_at(
        with_secret({"fromConfig": "secret"})["standup"],
        f"{CONFIG}.private_key",
        {"fromConfig": "missing"},
    )
    stack = config({"standup": recording}, secret="CANARY", access_key="CANARY")
    assert reason_for(stack, f"{WHERE}.{CONFIG}.private_key").startswith("is not a field; there")


@pytest.mark.parametrize("name", ["realtimekit:archivePassword", "aws:archivePassword"])
def test_a_reference_with_a_namespace_is_one_mistake(name: str) -> None:
    """The advice can be followed, and no second mistake comes of it."""
    storage = {
        **{key: value for key, value in STORAGE["sftp"].items() if key != "private_key"},
        "auth_method": "PASSWORD",
        "password": {"fromConfig": name},
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}), archivePassword="CANARY")
    [(path, reason)] = read_mistakes(stack).items()
    assert path == f"{WHERE}.{CONFIG}.password"
    assert "without the namespace: write {fromConfig: archivePassword}" in reason
    assert "realtimekit:realtimekit" not in reason


def test_a_credential_that_is_not_set_is_one_mistake() -> None:
    """Although the login lacks its password then."""
    storage = {
        **{key: value for key, value in STORAGE["sftp"].items() if key != "private_key"},
        "auth_method": "PASSWORD",
        "password": {"fromConfig": "archivePassword"},
    }
    output = {"type": "STORAGE_CONFIG", "storage_config": storage}
    stack = config(standup(layers={"default": {"outputs": [output]}}))
    [reason] = read_mistakes(stack).values()
    assert "pulumi config set --secret realtimekit:archivePassword" in reason


def test_resolving_leaves_the_config_as_it_was() -> None:
    """References stay references in what the stack exports."""
    recordings = with_secret({"fromConfig": "secret"})
    before = copy.deepcopy(recordings)
    stack = config(recordings, secret="CANARY", access_key="CANARY")
    assert CANARY in repr(resolve_references(recordings, stack))
    assert recordings == before


@pytest.mark.parametrize("value", ["storageSecret", [], None])
def test_a_recording_itself_is_no_reference(value: Any) -> None:
    """There it is a field that does not exist, and what else is wrong is still found."""
    mistakes = read_mistakes(config({"standup": {**standup()["standup"], "fromConfig": value}}))
    assert value is None or mistakes[f"{WHERE}.fromConfig"].startswith("is not a field")
    assert len(mistakes) == (value is not None)
