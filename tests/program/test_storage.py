"""Storage in a stack's config: every mistake with its path, before anything is asked of a cloud."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pytest
from pulumi import RunError

from realtimekit_provider.api.models.track_request import Output
from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.program.load import load
from realtimekit_provider.program.stack import Stack
from realtimekit_provider.program.storage import (
    STORAGE_KEY,
    resolve_named_storage,
    validate_named_storage,
    validate_storage,
)
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.backends.registry import STORAGE_TYPES, get_declaration_model
from tests.bad_inputs import BAD_STORAGE, NAMES, PATHS, REGIONS, SECRETS
from tests.example_values import (
    ACCOUNT,
    CANARY,
    CONNECTION_STRING,
    PRIVATE_KEY,
    SERVICE_ACCOUNT,
)
from tests.program.stack_config import Config
from tests.programs import Program

WHERE = f"{STORAGE_KEY}.archive"
HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAII7c0diquksdYzBZaaIz0E6L69jyrYqbldoBbwn8FGAt"
BUCKET = {"bucket": "acme-recordings", "region": "eu-west-1"}

_STORAGE: Mapping[str, Mapping[str, Any]] = {
    "aws": {"type": "aws", **BUCKET},
    "azure": {"type": "azure", "account": "acmerecordings", "container": "recordings"},
    "digitalocean": {
        "type": "digitalocean",
        **BUCKET,
        "access_key": "CANARY-id",
        "secret": "CANARY-secret",
    },
    "gcs": {"type": "gcs", **BUCKET, "project": "acme-recordings", "key": SERVICE_ACCOUNT},
    "sftp": {
        "type": "sftp",
        "host": "sftp.example.com",
        "username": "recorder",
        "path": "incoming",
        "host_key": HOST_KEY,
        "auth_method": "KEY",
        "private_key": PRIVATE_KEY,
    },
}
STORAGE: Mapping[str, Mapping[str, Any]] = {
    kind: _STORAGE.get(kind, {**_STORAGE["digitalocean"], "type": kind}) for kind in STORAGE_TYPES
}
"""What is declared of each type; one that is not written down is as Spaces is."""

SAS = "sv=2025-01-05&sr=c&sp=cw&se=2099-01-01T00:00:00Z&sig=CANARY%3D"
FLAGS = ("yes", "off", 1, 0)
DAYS = (0, -1, 36501, 1.5, "30", True)
FIXED = ("blocked", "open", 7)
GENERATIONS = (0, -1, 1.5, "2", True)
APP = {"account_id": ACCOUNT, "app_id": "b"}
OF_ALL: Mapping[str, tuple[Any, ...]] = {
    "apps": ("mine", {"0": APP}, 7),
    "apps[0]": ("mine", 7),
    "apps[0].account_id": (None, "", "a/b", 7),
    "apps[0].app_id": (None, "", "a b", 7),
    "apps[0].surprise": (1, "x"),
    "write_test": FLAGS,
    "upload_deadline": (-1, 86401, "900", True, math.inf),
    "existing": FLAGS,
    "without_administrator": (True, False),
    "on_delete": ("delete", "KEEP", "", 7),
    "kind": ("aws", "sftp"),
    "type": (None, "s3", "AWS", "", 7, ["aws"]),
    "surprise": (1, "x"),
}
"""Bad values of what all kinds of storage have, by their path; ``None`` leaves the field out."""

OF_A_BUCKET = {"bucket": NAMES, "region": REGIONS, "retention_days": DAYS, "prefix": PATHS}
_BAD: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "aws": {
        **OF_A_BUCKET,
        "public_access": FIXED,
        "ownership": ("BucketOwnerEnforced", "ObjectWriter"),
        "encryption": ("none", "", "arn:aws:s3:::b", 7),
        "tls_only": FLAGS,
        "versioning": FLAGS,
        "abort_uploads_days": DAYS,
        "key_generation": GENERATIONS,
        "partition": ("aws", "aws-cn"),
        "access_key": tuple(value for value in SECRETS if value is not None),
        "secret": tuple(value for value in SECRETS if value is not None),
    },
    "azure": {
        "account": (None, "", "ab", "Acme", "acme-recordings", 7),
        "container": (None, "", "a", "Recordings", "a--b", "acme/recordings", 7),
        "bucket": ("recordings", 7),
        "prefix": PATHS,
        "path": ("tracks", 7),
        "public_access": FIXED,
        "key_generation": GENERATIONS,
        "valid_days": DAYS,
        "access_key": ("", "CANARY", "AccountName=acme", 7),
        "region": ("westeurope", 7),
    },
    "digitalocean": {
        **OF_A_BUCKET,
        "access_key": SECRETS,
        "secret": SECRETS,
        "public_access": FIXED,
        "abort_uploads_days": DAYS,
        "endpoint": ("sgp1.example.com", "https://a/b", "ftp://a", "", 7),
        "key_generation": (1, 2),
    },
    "gcs": {
        **OF_A_BUCKET,
        "project": (None, "", "acme", "Acme-Recordings", "acme-recordings-", 7),
        "key": tuple(value for value in BAD_STORAGE["gcs"]["secret"] if value is not None),
        "public_access": FIXED,
        "uniform_access": (True, False),
        "versioning": FLAGS,
        "key_generation": GENERATIONS,
        "secret": ("CANARY", "x"),
    },
    "sftp": {
        **BAD_STORAGE["sftp"],
        "port": (0, 65536, 22.5, "22", True),
        "type": OF_ALL["type"],
        "host_key": (
            None,
            "",
            "AAAA",
            f"sftp.example.com {HOST_KEY}",
            HOST_KEY[:-4],
            PRIVATE_KEY,
            7,
        ),
        "bucket": ("acme", "x"),
    },
}
BAD = {kind: _BAD.get(kind, _BAD["digitalocean"]) for kind in STORAGE_TYPES}


def cases() -> dict[str, tuple[str, str, Any]]:
    return {
        f"{storage_type}.{path}={value!r:.40}": (storage_type, path, value)
        for storage_type, table in BAD.items()
        for path, values in {**OF_ALL, **table}.items()
        for value in values
    }


CASES = cases()


def declared(storage_type: str, path: str = "", value: Any = None) -> Config:
    """Return the config of a stack with one storage, ``value`` at ``path`` of it."""
    storage, secrets = dict(STORAGE[storage_type]), {}
    if path.startswith("apps["):
        storage["apps"] = [
            value if path == "apps[0]" else _app_with(path.rpartition(".")[2], value)
        ]
    elif path:
        storage[path] = value
    for key in (SECRET_KEYS | {"key"}) & storage.keys():
        if isinstance(storage[key], str) and storage[key]:
            secrets[f"realtimekit:{key}"] = storage[key]
            storage[key] = {"fromConfig": key}
    given = {key: one for key, one in storage.items() if one is not None}
    return Config({STORAGE_KEY: json.dumps({"archive": given})}, secrets)


def _app_with(key: str, value: Any) -> dict[str, Any]:
    return {name: one for name, one in {**APP, key: value}.items() if one is not None}


def paths(stack: Config) -> list[str]:
    storage = json.loads(stack.values[STORAGE_KEY])
    found = list(validate_storage(Stack({"storage": storage}), stack))
    assert CANARY not in repr(found)
    assert all(failure.reason for failure in found)
    return [failure.path for failure in found]


@pytest.mark.parametrize("storage_type", STORAGE)
def test_the_least_that_is_declared_is_enough(storage_type: str) -> None:
    """Every other field has a default."""
    assert paths(declared(storage_type)) == []


@pytest.mark.parametrize("case", CASES)
def test_a_bad_value_is_reported_with_its_path(case: str) -> None:
    """One bad value is one failure, at the very path where the user wrote it."""
    storage_type, path, value = CASES[case]
    assert paths(declared(storage_type, path, value)) == [f"{WHERE}.{path}"]


def test_every_field_has_at_least_two_bad_values() -> None:
    """A new field of any storage_type fails here until its bad values are written down."""
    assert set(STORAGE_TYPES) == set(BAD) == set(STORAGE)
    for storage_type in STORAGE_TYPES:
        model = get_declaration_model(storage_type)
        assert {*OF_ALL, *BAD[storage_type]} >= set(model.model_fields)
    for table in (OF_ALL, *BAD.values()):
        assert min(map(len, table.values())) >= 2


@pytest.mark.parametrize("given", [None, "aws", [], 7])
def test_a_storage_is_a_mapping(given: Any) -> None:
    """It has a type at least."""
    assert paths(Config({STORAGE_KEY: json.dumps({"archive": given})})) == [f"{WHERE}.type"]


def test_a_login_without_its_credential_is_reported_at_the_storage() -> None:
    """No single field of it is wrong."""
    assert paths(declared("sftp", "private_key", None)) == [WHERE]


@pytest.mark.parametrize(
    ("connection_string", "is_refused"),
    [
        (CONNECTION_STRING, True),
        (CONNECTION_STRING.replace("=acme", "=acmerecordings"), False),
        (f"BlobEndpoint=https://acme.blob.core.windows.net;SharedAccessSignature={SAS}", True),
        (
            f"BlobEndpoint=https://acmerecordings.blob.core.windows.net/;SharedAccessSignature={SAS}",
            False,
        ),
        (
            f"BlobEndpoint=https://AcmeRecordings.Blob.core.windows.net;SharedAccessSignature={SAS}",
            False,
        ),
        (f"BlobEndpoint=https://files.acme.example;SharedAccessSignature={SAS}", False),
    ],
)
def test_a_connection_string_is_of_the_account_that_is_declared(
    connection_string: str, *, is_refused: bool
) -> None:
    """Files would go to the other one; a domain of one's own names no account."""
    found = paths(declared("azure", "access_key", connection_string))
    assert found == ([f"{WHERE}.access_key"] if is_refused else [])


def test_a_plaintext_credential_is_refused() -> None:
    """The message says what to write instead, and does not quote it."""
    storage = {"archive": {**STORAGE["digitalocean"], "secret": {"fromConfig": "secret"}}}
    stack = Config({STORAGE_KEY: json.dumps(storage)}, {"realtimekit:secret": CANARY})
    (failure,) = validate_storage(Stack({"storage": storage}), stack)
    assert failure.path == f"{WHERE}.access_key"
    assert "pulumi config set --secret realtimekit:archiveAccessKey" in failure.reason
    assert CANARY not in failure.reason


def test_a_field_with_one_value_is_not_suggested() -> None:
    """It is a field of the location, and cannot be set."""
    storage = {"archive": {**STORAGE["aws"], "colour": "red"}}
    (failure,) = validate_storage(Stack({"storage": storage}), Config())
    assert "bucket" in failure.reason
    assert "ownership" not in failure.reason


NAMINGS: Mapping[str, tuple[Any, list[str]]] = {
    "known": ([{"storage": "archive"}], []),
    "beside another output": ([{"type": "REALTIMEKIT_BUCKET"}, {"storage": "archive"}], []),
    "unknown": ([{"storage": "attic"}], ["o[0].storage"]),
    "no name": ([{"storage": 7}, {"storage": ["archive"]}], ["o[0].storage", "o[1].storage"]),
    "nothing": ([{"storage": None}], ["o[0].storage"]),
    "with a type": ([{"storage": "archive", "type": "STORAGE_CONFIG"}], ["o[0].storage"]),
    "with a config": ([{"storage": "archive", "storage_config": {}}], ["o[0].storage"]),
}


@pytest.mark.parametrize("naming", NAMINGS)
def test_a_layers_output_names_storage_of_the_stack(naming: str) -> None:
    """Alone, and by a name that exists."""
    outputs, wrong = NAMINGS[naming]
    found = validate_named_storage(outputs, {"archive": STORAGE["aws"]}, ("o",))
    assert [failure.path for failure in found] == wrong


def test_an_empty_name_is_one_mistake() -> None:
    """YAML reads ``storage:`` as null; it is reported once, like every other mistake."""
    standup = {"meeting_id": "m", "layers": {"default": {"outputs": [{"storage": None}]}}}
    stack = Config(
        {
            STORAGE_KEY: json.dumps({"archive": STORAGE["aws"]}),
            "realtimekit:recordings": json.dumps({"standup": standup}),
        }
    )
    with pytest.raises(RunError) as refused:
        load(stack)
    assert str(refused.value) == (
        "the stack's config has one mistake:\n"
        "  realtimekit:recordings.standup.layers.default.outputs[0].storage: "
        f"is not the name of a storage in {STORAGE_KEY} (there: archive)"
    )


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        ("storag", ": did you mean storage? There are"),
        ("colour", "; there are"),
    ],
)
def test_a_misspelled_field_of_an_output_gets_a_suggestion(key: str, hint: str) -> None:
    """``storage`` is a field in a stack's config alone."""
    fields = ", ".join(sorted({"storage", *Output.model_fields}))
    output = {"type": "REALTIMEKIT_BUCKET", key: "archive"}
    standup = {"meeting_id": "m", "layers": {"default": {"outputs": [output]}}}
    stack = Config({"realtimekit:recordings": json.dumps({"standup": standup})})
    with pytest.raises(RunError) as refused:
        load(stack)
    assert str(refused.value) == (
        "the stack's config has one mistake:\n"
        f"  realtimekit:recordings.standup.layers.default.outputs[0].{key}: "
        f"is not a field{hint} {fields}"
    )


def test_other_fields_of_an_output_stay_next_to_its_storage() -> None:
    """Only the type and the storage_config follow from the storage that is named."""
    output = {"storage": "archive", "label": "a"}
    arguments = {"layers": {"default": {"outputs": [output]}}}
    resolved = resolve_named_storage(arguments, None)
    assert resolved["layers"]["default"]["outputs"] == [
        {"label": "a", "type": "STORAGE_CONFIG", "storage_config": UNKNOWN}
    ]


def test_a_refused_config_declares_nothing() -> None:
    """The program ends before a resource is registered, so before any request."""
    storage = {"archive": {**STORAGE["aws"], "region": "eu west", "prefix": "../up"}}
    program = Program({STORAGE_KEY: json.dumps(storage)})
    with pytest.raises(Exception, match="2 mistakes") as refused:
        program.run(load)
    assert f"{WHERE}.region" in str(refused.value)
    assert f"{WHERE}.prefix" in str(refused.value)
    assert program.registered == {}
