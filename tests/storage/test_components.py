"""The components take outputs and awaitables for every argument, and make the same of them."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from realtimekit_provider import storage
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    get_component_class,
    get_declaration_model,
)
from tests.example_values import STORAGE
from tests.programs import Program

COMMON: dict[str, Any] = {
    "existing": True,
    "on_delete": "force",
    "apps": [{"account_id": "e" * 32, "app_id": "an-app"}],
    "write_test": False,
    "upload_deadline": 60,
}
_ARGUMENTS: dict[str, dict[str, Any]] = {
    "AwsRecordingBucket": {
        **COMMON,
        "bucket": "example",
        "region": "eu-central-1",
        "prefix": "/calls/tracks/",
        "access_key": "an-id",
        "secret": "a-secret",
        "key_generation": 2,
        "retention_days": 30,
        "abort_uploads_days": 3,
        "encryption": "arn:aws:kms:eu-central-1:123456789012:key/a",
        "versioning": True,
        "tls_only": False,
    },
    "AzureRecordingContainer": {
        **COMMON,
        "account": "acme",
        "container": "example",
        "prefix": "/calls/tracks/",
        "access_key": "a-connection-string",
        "key_generation": 2,
        "valid_days": 30,
    },
    "GcsRecordingBucket": {
        **COMMON,
        "bucket": "example",
        "region": "us-east1",
        "project": "acme-prod",
        "prefix": "/calls/tracks/",
        "key": "{}",
        "key_generation": 2,
        "retention_days": 30,
        "versioning": True,
    },
    "SftpRecordingFolder": {
        **COMMON,
        "host": "sftp.example.com",
        "username": "acme",
        "path": "calls/tracks",
        "host_key": "ssh-ed25519 AAAA",
        "auth_method": "KEY",
        "port": 2222,
        "password": "a-passphrase",
        "private_key": "a-key",
    },
    "SpacesRecordingBucket": {
        **COMMON,
        "bucket": "example",
        "region": "FRA1",
        "access_key": "an-id",
        "secret": "a-secret",
        "prefix": "/calls/tracks/",
        "retention_days": 30,
        "abort_uploads_days": 3,
        "endpoint": "https://spaces.example.com",
    },
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    name: _ARGUMENTS.get(name, _ARGUMENTS["SpacesRecordingBucket"])
    for name in (get_component_class(one).__name__ for one in STORAGE_TYPES)
}
"""A component that is not written down takes what Spaces takes."""


GIVEN: dict[str, tuple[str, ...]] = {
    "AwsRecordingBucket": ("access_key", "secret"),
    "AzureRecordingContainer": ("access_key",),
    "GcsRecordingBucket": ("key",),
}
"""The credential that can be given to each component which makes one otherwise."""


def without(name: str, *unused: str) -> dict[str, Any]:
    """Return a component's example arguments without some of them."""
    return {key: value for key, value in ARGUMENTS[name].items() if key not in unused}


def make_output(value: Any) -> pulumi.Output[Any]:
    return pulumi.Output.from_input(None).apply(lambda _: value)


async def make_awaitable(value: Any) -> Any:
    await asyncio.sleep(0)
    return value


def keep_plain(value: Any) -> Any:
    return value


def register(
    name: str, arguments: Mapping[str, Any], make: Callable[[Any], Any] = keep_plain
) -> dict[str, dict[str, Any]]:
    """Return what the engine receives of a component's resources, by their names."""
    program = Program()

    def declare() -> Any:
        given = {key: make(value) for key, value in arguments.items()}
        return getattr(storage, name)("archive", **given).storage_config

    program.run(declare)
    return {
        resource: {
            key: value
            for key, value in inputs.items()
            if value is not None and not key.startswith("__")
        }
        for resource, inputs in program.registered.items()
    }


@pytest.mark.parametrize("name", ARGUMENTS)
def test_every_argument_is_in_the_examples(name: str) -> None:
    """An argument that is new has to be tried as an output."""
    _, _, *names = inspect.signature(getattr(storage, name).__init__).parameters
    assert {*names} - {"opts"} == ARGUMENTS[name].keys()
    assert _ARGUMENTS.keys() <= ARGUMENTS.keys()


@pytest.mark.parametrize("storage_type", STORAGE_TYPES)
def test_a_stacks_config_has_the_arguments_of_a_program(storage_type: str) -> None:
    """What is required in one is so in the other; the defaults are the model's alone."""
    fields = get_declaration_model(storage_type).model_fields
    parameters = inspect.signature(get_component_class(storage_type)).parameters
    in_program = {name: parameters[name].default for name in parameters.keys() & fields.keys()}
    in_config = {
        name: inspect.Parameter.empty if fields[name].is_required() else None for name in in_program
    }
    assert in_program == in_config
    assert parameters.keys() - in_program.keys() == {"name", "opts"}
    only_in_config = fields.keys() - in_program.keys()
    fixed = {"public_access", "ownership", "uniform_access", "without_administrator"}
    assert only_in_config <= {"type", *fixed}


@pytest.mark.parametrize("make", [make_output, make_awaitable], ids=["output", "awaitable"])
@pytest.mark.parametrize("name", ARGUMENTS)
def test_the_engine_receives_the_same_however_an_argument_is_given(
    name: str, make: Callable[[Any], Any]
) -> None:
    """Plain, as an output, or as something to await."""
    # A credential that is given has no generations.
    for unused in (GIVEN.get(name, ()), ("key_generation", "valid_days")):
        arguments = without(name, *unused)
        assert register(name, arguments, make) == register(name, arguments)


@pytest.mark.parametrize("name", [name for name in ARGUMENTS if "prefix" in ARGUMENTS[name]])
@pytest.mark.parametrize("prefix", ["", "/", None])
@pytest.mark.parametrize("make", [keep_plain, make_output])
def test_an_empty_prefix_is_the_whole_bucket(
    name: str, prefix: Any, make: Callable[[Any], Any]
) -> None:
    """The gate has no path then."""
    registered = register(name, {**ARGUMENTS[name], "prefix": prefix}, make)
    assert "path" not in registered["archive-gate"]


@pytest.mark.parametrize("name", [name for name in ARGUMENTS if "prefix" in ARGUMENTS[name]])
@pytest.mark.parametrize("make", [keep_plain, make_output])
def test_a_prefix_that_is_no_text_is_left_for_the_check(
    name: str, make: Callable[[Any], Any]
) -> None:
    """It reports the value with its path; nothing crashes in the program."""
    registered = register(name, {**ARGUMENTS[name], "prefix": [1]}, make)
    assert registered["archive-gate"]["path"] == [1]


@pytest.mark.parametrize("make", [keep_plain, make_output])
@pytest.mark.parametrize("encryption", ["aws:kms", "AES256", None, [1]])
def test_only_an_arn_is_a_key_that_a_writer_may_encrypt_with(
    encryption: Any, make: Callable[[Any], Any]
) -> None:
    """Another encryption needs no right of the writer."""
    arguments = without("AwsRecordingBucket", "access_key", "secret")
    registered = register("AwsRecordingBucket", {**arguments, "encryption": encryption}, make)
    assert "kms_key" not in registered["archive-writer"]
    registered = register("AwsRecordingBucket", arguments, make)
    assert registered["archive-writer"]["kms_key"] == arguments["encryption"]


def test_apps_that_hold_awaitables_can_be_used_twice() -> None:
    """Writer and gate both await them."""
    arguments = without("AwsRecordingBucket", "access_key", "secret")

    def make_inner(value: Any) -> Any:
        if not isinstance(value, list):
            return value
        return [{key: make_awaitable(text) for key, text in app.items()} for app in value]

    given = register("AwsRecordingBucket", arguments, make_inner)
    assert given == register("AwsRecordingBucket", arguments)


@pytest.mark.parametrize("name", GIVEN)
def test_a_given_credential_needs_no_writer_and_no_administrator(name: str) -> None:
    """Its gate writes with it; without it there is a writer, and nothing else differs."""
    given = register(name, ARGUMENTS[name])
    created = register(name, without(name, *GIVEN[name]))
    assert given.keys() == {"archive", "archive-location", "archive-gate"}
    assert created.keys() - given.keys() == {"archive-writer"}
    assert given["archive-location"] == {
        **created["archive-location"],
        "without_administrator": True,
    }
    assert created["archive-gate"]["created_by_stack"] is True
    credentials = {ARGUMENTS[name][key] for key in GIVEN[name]}
    assert credentials <= {*map(str, given["archive-gate"].values())}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_a_gate_knows_that_a_credential_is_given(name: str) -> None:
    """It then tries it once."""
    assert register(name, ARGUMENTS[name])["archive-gate"]["created_by_stack"] is False


@pytest.mark.parametrize("make", [keep_plain, make_output, make_awaitable])
def test_an_endpoint_is_that_of_the_bucket_and_of_its_gate(make: Callable[[Any], Any]) -> None:
    registered = register("SpacesRecordingBucket", ARGUMENTS["SpacesRecordingBucket"], make)
    for part in ("archive-location", "archive-gate"):
        assert registered[part]["endpoint"] == "https://spaces.example.com"


@pytest.mark.parametrize("make", [make_output, make_awaitable])
def test_a_gate_takes_any_input_as_its_storage(make: Callable[[Any], Any]) -> None:
    """Its credentials stay secret, and reach the engine under the same keys."""
    config = STORAGE["aws"]

    def register_gate(given: Callable[[], Any]) -> dict[str, Any]:
        program = Program()
        program.run(lambda: storage.StorageGate("archive", storage_config=given()).id)
        found = program.registered["archive"]
        return {key: found[key] for key in config}

    assert register_gate(lambda: make(config)) == register_gate(lambda: config) == config
