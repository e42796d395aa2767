"""The inputs of a ``TrackRecording``: completed, and judged field by field."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from realtimekit_provider.api.models.storage_config import StorageConfig
from realtimekit_provider.api.models.track_request import Layer, Output, TrackApi
from realtimekit_provider.deployment.defaults import POLICIES, RecordingDefaults
from realtimekit_provider.recordings.inputs import RecordingInputs, apply_defaults, validate_inputs
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import (
    ACCOUNT,
    APP,
    CANARY,
    MARK,
    MEETING,
    PRIVATE_KEY,
    SFTP_WITH_PASSWORD,
    STORAGE,
    URN,
    given,
    inputs,
    layers_to,
)

OUTPUT = "layers.default.outputs[0]"
CONFIG = f"{OUTPUT}.storage_config"
COMPOSED_BY_US = {"resource_urn", "mark"}
MODELS: dict[str, type[BaseModel]] = {
    model.model_fields["type"].annotation.__args__[0]: model
    for model in get_args(get_args(StorageConfig)[0])
}

SECONDS = (-1, 86401, "60", True, math.inf, math.nan)
BAD_FIELDS: dict[str, tuple[Any, ...]] = {
    "meeting_id": (None, "", "a b", "a/b", "a?b", 7, ["m"]),
    "layers": (None, {}, [], "default", 7),
    "max_seconds": (59, 86401, 60.5, "3600", True, math.inf, math.nan),
    "user_ids": ([], ["u"] * 101, "u1", {"0": "u1"}),
    "user_ids[0]": ("", "a b", 7),
    "account_id": (None, "", "a" * 33, "a/b", 7),
    "app_id": (None, "", "a b", "../a", 7),
    "desired_state": ("PLAYING", "recording", "", 1, True),
    "on_no_session": ("ignore", "", 1),
    "session_timeout": SECONDS,
    "on_ended": ("stop", "", 1),
    "on_conflict": ("replace", "", 1),
    "on_delete": ("keep", "", 1),
    "replace_live": ("deny", True, 1),
    "wait_for_upload": SECONDS,
    "adopt_recording_id": ("", "a b", "a/b", 7),
    "surprise": (1, "x"),
}
BAD_LAYERS: dict[str, tuple[Any, ...]] = {
    "layers.default": ("x", [], 7),
    "layers.my layer": ({}, {"outputs": None}),
    "layers.a/b": ({}, UNKNOWN),
    "layers.default.file_name_prefix": (
        *("", "a-b", "a b", "a{mork}", "ä", 7),
        *("a{mark}", "{mark}2", "{mark}{mark}"),
    ),
    "layers.default.media_kind": ("video", "", 7),
    "layers.default.outputs": ([], "x", {"a": 1}, 7),
    "layers.default.surprise": (1, "x"),
    OUTPUT: (None, "x", [], {"type": "STORAGE_CONFIG"}),
    f"{OUTPUT}.type": (None, "DYTE_BUCKET", "", 7),
    f"{OUTPUT}.surprise": (1, "x"),
    CONFIG: ("x", [], 7),
}
NAMES = (None, "", "a", "s3://acme-recordings", "acme/recordings", "acme recordings", 7)
REGIONS = (None, "", "us east", "us_east", 7)
PATHS = ("../up", "a/../b", "a\\b", "a\nb", 7)
SECRETS = (None, "", " \n", 7, ["CANARY"])
TYPES = (None, "s3", "AWS", "", 7)
BAD_STORAGE: dict[str, dict[str, tuple[Any, ...]]] = {
    "aws": {
        "type": TYPES,
        "access_key": SECRETS,
        "secret": SECRETS,
        "bucket": NAMES,
        "region": REGIONS,
        "path": PATHS,
        "host": ("sftp.example.com", "CANARY"),
    },
    "azure": {
        "type": TYPES,
        "access_key": (
            None,
            "",
            "CANARY",
            "AccountName=acme",
            "AccountKey=CANARY",
            "DefaultEndpointsProtocol=https;AccountName=acme",
            7,
        ),
        "secret": ("CANARY", 7),
        "bucket": NAMES,
        "region": ("westeurope", 7),
        "path": PATHS,
        "username": ("CANARY", "acme"),
    },
    "digitalocean": {
        "type": TYPES,
        "access_key": SECRETS,
        "secret": SECRETS,
        "bucket": NAMES,
        "region": REGIONS,
        "path": PATHS,
        "password": ("CANARY", "x"),
    },
    "gcs": {
        "type": TYPES,
        "secret": (
            None,
            "",
            "CANARY",
            "{}",
            "[]",
            '{"client_email": "a@b", "private_key": ""}',
            '{"private_key": "CANARY"}',
            7,
        ),
        "bucket": NAMES,
        "region": REGIONS,
        "path": PATHS,
        "access_key": ("CANARY", "x"),
    },
    "sftp": {
        "type": TYPES,
        "host": (None, "", "sftp://h", "h/p", "h:22", "cafe:22", "1.2.3.4:22", ":", "h h", 7),
        "port": (None, 0, 65536, 22.5, "22", True, math.inf),
        "username": (None, "", "a b", "a:b", 7),
        "path": (None, *PATHS),
        "auth_method": (None, "key", "AGENT", 7),
        "password": ("", " ", 7, ["CANARY"]),
        "private_key": (
            "",
            "CANARY",
            "PuTTY-User-Key-File-3: CANARY",
            "ssh-ed25519 CANARY",
            "ecdsa-sha2-nistp256 CANARY",
            PRIVATE_KEY.replace("PRIVATE", "PUBLIC").replace("OPENSSH", "RSA"),
            PRIVATE_KEY.replace("\n", "\\n"),
            PRIVATE_KEY.replace("-----END", "END"),
            7,
        ),
        "secret": ("CANARY", "x"),
    },
}

Case = tuple[dict[str, Any], TrackApi, str]


def at_path(whole: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return ``whole`` with ``value`` at ``path``; ``None`` leaves that field out."""
    changed = copy.deepcopy(whole)
    *way, last = steps_of(path)
    place: Any = changed
    for step in way:
        place = place[step]
    if value is None and isinstance(last, str):
        place.pop(last, None)
    else:
        place[last] = value
    return changed


def steps_of(path: str) -> list[str | int]:
    return [
        int(step) if step.isdigit() else step
        for step in path.replace("[", ".").replace("]", "").split(".")
    ]


def cases() -> Iterator[tuple[str, Case]]:
    """Yield a name for each bad value, with inputs, the API's shape and the path to be told."""
    plain = inputs(layers={"default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}})
    managed = inputs(user_ids=["u1"])
    for path, values in {**BAD_FIELDS, **BAD_LAYERS}.items():
        is_managed = path.startswith("user_ids") or path.endswith("media_kind")
        for value in values:
            base, api = (managed, "managed") if is_managed else (plain, "outputs")
            if path == CONFIG:
                base = inputs(layers=layers_to(STORAGE["aws"]))
            yield f"{path}={value!r:.40}", (at_path(base, path, value), api, path)  # type: ignore[misc]
    for kind, fields in BAD_STORAGE.items():
        for name, values in fields.items():
            for value in values:
                base = inputs(layers=layers_to(STORAGE[kind]))
                path = f"{CONFIG}.{name}"
                yield f"{kind}.{name}={value!r:.40}", (at_path(base, path, value), "outputs", path)


CASES = dict(cases())


@pytest.mark.parametrize("case", CASES)
def test_a_bad_value_is_a_problem_with_its_path(case: str) -> None:
    """One bad value is one problem, at the very path where the user wrote it."""
    bad, api, path = CASES[case]
    problems = validate_inputs(bad, api)
    assert [problem.path for problem in problems] == [path]
    assert all(problem.reason for problem in problems)


@pytest.mark.parametrize("case", CASES)
def test_a_problem_never_quotes_a_credential(case: str) -> None:
    """Neither the bad value nor the good ones around it."""
    bad, api, _ = CASES[case]
    assert CANARY not in repr(validate_inputs(bad, api))


def test_every_field_has_at_least_two_bad_values() -> None:
    """A new field of any model fails here until its bad values are written down."""
    layer = {path.rpartition(".")[2] for path in BAD_LAYERS if path.startswith("layers.default.")}
    output = {path.rpartition(".")[2] for path in BAD_LAYERS if path.startswith(f"{OUTPUT}.")}
    assert set(BAD_FIELDS) >= set(RecordingInputs.model_fields) - COMPOSED_BY_US
    assert layer >= set(Layer.model_fields)
    assert output >= set(Output.model_fields)
    for kind, model in MODELS.items():
        assert set(BAD_STORAGE[kind]) >= set(model.model_fields)
    for table in (BAD_FIELDS, BAD_LAYERS, *BAD_STORAGE.values()):
        assert min(len(values) for values in table.values()) >= 2


def test_every_type_of_storage_is_in_the_table() -> None:
    """The models, their bad values and the examples are about the same five types."""
    assert set(MODELS) == set(BAD_STORAGE) == set(STORAGE)


METHODS = [
    ({"private_key": None}, "auth_method KEY needs private_key"),
    ({"auth_method": "PASSWORD", "password": None}, "auth_method PASSWORD needs password"),
    ({"auth_method": "PASSWORD"}, "private_key is only used with auth_method KEY"),
]


@pytest.mark.parametrize(("changes", "reason"), METHODS)
def test_an_sftp_method_needs_its_credential(changes: dict[str, Any], reason: str) -> None:
    """What contradicts itself is told at the ``storage_config`` as a whole."""
    config = {**STORAGE["sftp"], **changes}
    problems = validate_inputs(inputs(layers=layers_to(config)))
    assert [(problem.path, problem.reason) for problem in problems] == [(CONFIG, reason)]


@pytest.mark.parametrize("kind", STORAGE)
def test_null_is_no_value_of_a_required_field(kind: str) -> None:
    """A key without a value, as YAML writes it by accident, is told like a missing one."""
    for name, field in MODELS[kind].model_fields.items():
        if field.is_required() and name != "type":
            storage = {**STORAGE[kind], name: None}
            [problem] = validate_inputs(inputs(layers=layers_to(storage)))
            assert problem.path == f"{CONFIG}.{name}"


def test_cloudflares_bucket_takes_no_storage() -> None:
    """Storage that would be ignored is a mistake."""
    layers = layers_to(STORAGE["aws"])
    layers["default"]["outputs"][0]["type"] = "REALTIMEKIT_BUCKET"
    assert [problem.path for problem in validate_inputs(inputs(layers=layers))] == [OUTPUT]


@pytest.mark.parametrize("storage", [*STORAGE.values(), SFTP_WITH_PASSWORD])
def test_a_good_storage_is_no_problem(storage: dict[str, Any]) -> None:
    """The examples of each type are valid."""
    assert validate_inputs(inputs(layers=layers_to(storage))) == []


GOOD: dict[str, tuple[Any, ...]] = {
    "max_seconds": (60, 86400, 3600.0),
    "session_timeout": (0, 0.5, 86400),
    "app_id": ("a" * 36, "2f1b5e7c-0d5c-4b7a-9d5e-1c7d3a1f0b42"),
    "layers": (
        {"default-video": {}},
        {"a": {"file_name_prefix": "{mark}"}, "b": {"file_name_prefix": "a_{mark}_b"}},
    ),
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in GOOD.items() for v in values])
def test_the_edges_of_what_is_allowed_are_allowed(name: str, value: Any) -> None:
    """The smallest and the largest value, and whole numbers that travel as floats."""
    assert validate_inputs(inputs(**{name: value})) == []


def test_all_problems_are_told_at_once() -> None:
    """Nobody mends a stack one deployment at a time."""
    bad = inputs(meeting_id="", max_seconds=1, layers={"default": {"outputs": []}}, app_id=None)
    assert {problem.path for problem in validate_inputs(bad)} == {
        "meeting_id",
        "max_seconds",
        "layers.default.outputs",
        "app_id",
    }


@pytest.mark.parametrize(
    ("name", "ways"),
    [
        ("account_id", ("realtimekit:accountId", "CLOUDFLARE_ACCOUNT_ID")),
        ("app_id", ("realtimekit:appId", "REALTIMEKIT_APP_ID")),
    ],
)
def test_a_missing_id_names_the_ways_to_give_it(name: str, ways: tuple[str, ...]) -> None:
    """The argument, the stack's config and the environment."""
    [problem] = validate_inputs(inputs(**{name: None}))
    assert all(way in problem.reason for way in (f"argument {name}", *ways))


HINTS = {
    "is a PuTTY key": ("private_key", "PuTTY-User-Key-File-3: x"),
    "is a public key": ("private_key", "ssh-ed25519 AAAA"),
    r"two characters '\n'": ("private_key", PRIVATE_KEY.replace("\n", "\\n")),
}


@pytest.mark.parametrize("hint", HINTS)
def test_a_wrong_key_is_told_with_its_remedy(hint: str) -> None:
    """The usual mistakes with keys are recognised."""
    name, value = HINTS[hint]
    [problem] = validate_inputs(inputs(layers=layers_to({**STORAGE["sftp"], name: value})))
    assert hint in problem.reason


NOT_IN_OUTPUTS: dict[str, dict[str, Any]] = {
    "user_ids": {"user_ids": ["u1"]},
    "layers.default.media_kind": {"layers": {"default": {"media_kind": "audio"}}},
}
NOT_IN_MANAGED: dict[str, dict[str, Any]] = {
    "max_seconds": {"max_seconds": 60},
    OUTPUT: {"layers": layers_to(STORAGE["aws"])},
}


@pytest.mark.parametrize("path", NOT_IN_OUTPUTS)
def test_what_only_the_managed_api_knows(path: str) -> None:
    """It is a problem that names the setting, and fine with that setting."""
    asked = inputs(**NOT_IN_OUTPUTS[path])
    [problem] = validate_inputs(asked, "outputs")
    assert problem.path == path
    assert "realtimekit:trackApi" in problem.reason
    assert validate_inputs(asked, "managed") == []


@pytest.mark.parametrize("path", NOT_IN_MANAGED)
def test_what_only_the_references_api_knows(path: str) -> None:
    """External storage with the managed body would be silently lost, so it is refused."""
    asked = inputs(**NOT_IN_MANAGED[path])
    [problem] = validate_inputs(asked, "managed")
    assert problem.path == path
    assert "realtimekit:trackApi" in problem.reason
    assert validate_inputs(asked, "outputs") == []


def nodes(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each part of ``value``, leaves and branches."""
    if path:
        yield path
    parts = list(value.items()) if isinstance(value, dict) else []
    parts = list(enumerate(value)) if isinstance(value, list) else parts
    for key, part in parts:
        yield from nodes(part, (*path, key))


def with_unknown(whole: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(whole)
    place: Any = changed
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = UNKNOWN
    return changed


COMPLETE = {
    **{kind: given(max_seconds=60, layers=layers_to(config)) for kind, config in STORAGE.items()},
    "password": given(layers=layers_to(SFTP_WITH_PASSWORD), adopt_recording_id="r"),
}


@pytest.mark.parametrize("kind", COMPLETE)
def test_what_is_unknown_at_preview_is_passed_over(kind: str) -> None:
    """Any one part may be unknown: nothing crashes, and nothing is held against it."""
    for path in nodes(COMPLETE[kind]):
        partly = apply_defaults(with_unknown(COMPLETE[kind], path), {}, RecordingDefaults())
        assert validate_inputs(partly) == [], path


MANAGED = given(
    max_seconds=UNKNOWN,
    user_ids=["u1"],
    layers={"default": {"media_kind": "audio", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}},
)


def test_what_is_unknown_is_passed_over_with_the_managed_api_too() -> None:
    """An output that is not known yet may turn out to be Cloudflare's bucket."""
    for path in nodes(MANAGED):
        partly = apply_defaults(with_unknown(MANAGED, path), {}, RecordingDefaults())
        assert validate_inputs(partly, "managed") == [], path


def test_a_known_mistake_beside_an_unknown_value_is_told() -> None:
    """A preview finds what it can."""
    layers = layers_to({**STORAGE["aws"], "bucket": UNKNOWN, "region": "us east"})
    assert [problem.path for problem in validate_inputs(inputs(layers=layers))] == [
        f"{CONFIG}.region"
    ]


def test_inputs_are_completed_with_the_stacks_defaults() -> None:
    """What a resource leaves out comes from the stack; what it says stays."""
    defaults = RecordingDefaults("account", "app", {"on_ended": "restart", "on_delete": "leave"})
    declared = given(account_id=None, app_id="mine", on_delete="stop", on_conflict=None)
    whole = apply_defaults(declared, {}, defaults)
    assert (whole["account_id"], whole["app_id"]) == ("account", "mine")
    assert (whole["on_ended"], whole["on_delete"]) == ("restart", "stop")
    assert whole["desired_state"] == "RECORDING"
    assert "on_conflict" not in whole


def test_every_policy_has_a_safe_default() -> None:
    """A stack that says nothing loses nothing and doubles nothing."""
    plain = RecordingInputs.model_validate(inputs())
    assert {name: getattr(plain, name) for name in POLICIES} == {
        "on_no_session": "fail",
        "session_timeout": 300.0,
        "on_ended": "keep",
        "on_conflict": "fail",
        "on_delete": "stop",
        "replace_live": "allow",
        "wait_for_upload": 0.0,
    }


def test_completing_leaves_what_was_given_as_it_was() -> None:
    """The program's own mappings are not written to."""
    declared = given(layers=layers_to(STORAGE["aws"]))
    before = copy.deepcopy(declared)
    apply_defaults(declared, {}, RecordingDefaults())
    assert declared == before


def test_a_layer_without_a_prefix_gets_one_with_the_mark() -> None:
    """Each layer its own; a user's prefix stays, and ``{mark}`` in it is replaced."""
    layers = {"a": {}, "b": {"file_name_prefix": "mine"}, "c": {"file_name_prefix": "x_{mark}"}}
    whole = apply_defaults(given(layers=layers), {}, RecordingDefaults())["layers"]
    assert {name: layer["file_name_prefix"] for name, layer in whole.items()} == {
        "a": f"prod_standup_a_{MARK}",
        "b": "mine",
        "c": f"x_{MARK}",
    }


def test_completing_again_changes_nothing() -> None:
    """What is complete stays as it is."""
    once = apply_defaults(given(layers=layers_to(STORAGE["gcs"])), {}, RecordingDefaults())
    assert apply_defaults(once, once, RecordingDefaults()) == once


def test_an_alias_keeps_prefix_and_mark() -> None:
    """A resource that is renamed by an alias keeps its recording."""
    before = inputs()
    renamed = given(resource_urn=URN.replace("standup", "daily"), mark="rk0000000000")
    after = apply_defaults(renamed, before, RecordingDefaults())
    assert after["mark"] == MARK
    assert after["layers"] == before["layers"]


def test_a_prefix_of_the_users_own_is_not_kept() -> None:
    """Taking it out again gives a generated one."""
    before = inputs(layers={"default": {"file_name_prefix": "mine"}})
    after = apply_defaults(given(), before, RecordingDefaults())
    assert after["layers"]["default"]["file_name_prefix"] == f"prod_standup_default_{MARK}"


@pytest.mark.parametrize("odd", [None, "x", 7, [], {"a": 1}, UNKNOWN])
def test_odd_layers_are_left_for_the_judge(odd: Any) -> None:
    """Completing never crashes on what a user wrote."""
    for layers in (odd, {"default": odd}, {"default": {"outputs": odd, "file_name_prefix": odd}}):
        declared = {**given(), "layers": layers}
        apply_defaults(declared, {"layers": odd, "mark": MARK}, RecordingDefaults(ACCOUNT, APP))


def test_ids_are_those_of_the_example() -> None:
    """The base that every bad value is put into is itself valid."""
    assert validate_inputs(inputs()) == []
    assert inputs()["meeting_id"] == MEETING
