"""The inputs of a ``TrackRecording``, validated field by field."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.api.models.track_request import Layer, Output
from realtimekit_provider.deployment.defaults import RecordingDefaults
from realtimekit_provider.recordings.inputs import RecordingInputs, apply_defaults, validate_inputs
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.bad_inputs import (
    BAD_FIELDS,
    BAD_LAYERS,
    BAD_STORAGE,
    CONFIG,
    INTERNAL_INPUTS,
    MODELS,
    OUTPUT,
    build_cases,
    insert_unknown,
    iterate_paths,
)
from tests.example_values import (
    CANARY,
    MEETING,
    PRIVATE_KEY,
    SFTP_WITH_PASSWORD,
    STORAGE,
    build_declared_inputs,
    build_inputs,
    build_layers,
)

CASES = dict(build_cases())


@pytest.mark.parametrize("case", CASES)
def test_a_bad_value_is_a_failure_with_its_path(case: str) -> None:
    """One bad value is one failure, at the very path where the user wrote it."""
    bad, api, path = CASES[case]
    failures = validate_inputs(bad, api)
    assert [failure.path for failure in failures] == [path]
    assert all(failure.reason for failure in failures)


@pytest.mark.parametrize("case", CASES)
def test_a_failure_never_quotes_a_credential(case: str) -> None:
    """Neither the bad value nor the good ones around it."""
    bad, api, _ = CASES[case]
    assert CANARY not in repr(validate_inputs(bad, api))


def test_every_field_has_at_least_two_bad_values() -> None:
    """A new field of any model fails here until its bad values are written down."""
    layer = {path.rpartition(".")[2] for path in BAD_LAYERS if path.startswith("layers.default.")}
    output = {path.rpartition(".")[2] for path in BAD_LAYERS if path.startswith(f"{OUTPUT}.")}
    assert set(BAD_FIELDS) >= set(RecordingInputs.model_fields) - INTERNAL_INPUTS
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
    """A contradiction is reported at the ``storage_config`` as a whole."""
    config = {**STORAGE["sftp"], **changes}
    failures = validate_inputs(build_inputs(layers=build_layers(config)))
    assert [(failure.path, failure.reason) for failure in failures] == [(CONFIG, reason)]


@pytest.mark.parametrize("kind", STORAGE)
def test_null_is_no_value_of_a_required_field(kind: str) -> None:
    """A key without a value, as YAML writes it by accident, is reported like a missing one."""
    for name, field in MODELS[kind].model_fields.items():
        if field.is_required() and name != "type":
            storage = {**STORAGE[kind], name: None}
            [failure] = validate_inputs(build_inputs(layers=build_layers(storage)))
            assert failure.path == f"{CONFIG}.{name}"


def test_cloudflares_bucket_takes_no_storage() -> None:
    """Storage that would be ignored is a mistake."""
    layers = build_layers(STORAGE["aws"])
    layers["default"]["outputs"][0]["type"] = "REALTIMEKIT_BUCKET"
    assert [failure.path for failure in validate_inputs(build_inputs(layers=layers))] == [OUTPUT]


@pytest.mark.parametrize("storage", [*STORAGE.values(), SFTP_WITH_PASSWORD])
def test_a_good_storage_is_valid(storage: dict[str, Any]) -> None:
    """The examples of each type are valid."""
    assert validate_inputs(build_inputs(layers=build_layers(storage))) == []


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
    assert validate_inputs(build_inputs(**{name: value})) == []


def test_all_failures_are_reported_at_once() -> None:
    """Nobody wants to fix a stack one deployment at a time."""
    bad = build_inputs(
        meeting_id="", max_seconds=1, layers={"default": {"outputs": []}}, app_id=None
    )
    assert {failure.path for failure in validate_inputs(bad)} == {
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
    [failure] = validate_inputs(build_inputs(**{name: None}))
    assert all(way in failure.reason for way in (f"argument {name}", *ways))


HINTS = {
    "is a PuTTY key": ("private_key", "PuTTY-User-Key-File-3: x"),
    "is a public key": ("private_key", "ssh-ed25519 AAAA"),
    r"two characters '\n'": ("private_key", PRIVATE_KEY.replace("\n", "\\n")),
}


@pytest.mark.parametrize("hint", HINTS)
def test_a_wrong_key_is_reported_with_its_remedy(hint: str) -> None:
    """The usual mistakes with keys are recognised."""
    name, value = HINTS[hint]
    [failure] = validate_inputs(build_inputs(layers=build_layers({**STORAGE["sftp"], name: value})))
    assert hint in failure.reason


NOT_IN_OUTPUTS: dict[str, dict[str, Any]] = {
    "user_ids": {"user_ids": ["u1"]},
    "layers.default.media_kind": {"layers": {"default": {"media_kind": "audio"}}},
}
NOT_IN_MANAGED: dict[str, dict[str, Any]] = {
    "max_seconds": {"max_seconds": 60},
    OUTPUT: {"layers": build_layers(STORAGE["aws"])},
}


@pytest.mark.parametrize("path", NOT_IN_OUTPUTS)
def test_a_field_of_the_managed_api_alone_is_refused_by_the_other(path: str) -> None:
    """It is a failure that names the setting, and fine with that setting."""
    asked = build_inputs(**NOT_IN_OUTPUTS[path])
    [failure] = validate_inputs(asked, "outputs")
    assert failure.path == path
    assert "realtimekit:trackApi" in failure.reason
    assert validate_inputs(asked, "managed") == []


@pytest.mark.parametrize("path", NOT_IN_MANAGED)
def test_a_field_of_the_references_api_alone_is_refused_by_the_other(path: str) -> None:
    """External storage with the managed body would be silently lost, so it is refused."""
    asked = build_inputs(**NOT_IN_MANAGED[path])
    [failure] = validate_inputs(asked, "managed")
    assert failure.path == path
    assert "realtimekit:trackApi" in failure.reason
    assert validate_inputs(asked, "outputs") == []


COMPLETE = {
    **{
        kind: build_declared_inputs(max_seconds=60, layers=build_layers(config))
        for kind, config in STORAGE.items()
    },
    "password": build_declared_inputs(
        layers=build_layers(SFTP_WITH_PASSWORD), adopt_recording_id="r"
    ),
}


@pytest.mark.parametrize("kind", COMPLETE)
def test_a_value_that_is_unknown_in_a_preview_is_passed_over(kind: str) -> None:
    """Any one part may be unknown: nothing crashes, and nothing is held against it."""
    for path in iterate_paths(COMPLETE[kind]):
        partly = apply_defaults(insert_unknown(COMPLETE[kind], path), {}, RecordingDefaults())
        assert validate_inputs(partly) == [], path


MANAGED = build_declared_inputs(
    max_seconds=UNKNOWN,
    user_ids=["u1"],
    layers={"default": {"media_kind": "audio", "outputs": [{"type": "REALTIMEKIT_BUCKET"}]}},
)


def test_an_unknown_value_is_passed_over_with_the_managed_api_too() -> None:
    """An output that is not known yet may turn out to be Cloudflare's bucket."""
    for path in iterate_paths(MANAGED):
        partly = apply_defaults(insert_unknown(MANAGED, path), {}, RecordingDefaults())
        assert validate_inputs(partly, "managed") == [], path


def test_a_known_mistake_next_to_an_unknown_value_is_reported() -> None:
    """A preview finds what it can."""
    layers = build_layers({**STORAGE["aws"], "bucket": UNKNOWN, "region": "us east"})
    assert [failure.path for failure in validate_inputs(build_inputs(layers=layers))] == [
        f"{CONFIG}.region"
    ]


def test_ids_are_those_of_the_example() -> None:
    """The base that every bad value is put into is itself valid."""
    assert validate_inputs(build_inputs()) == []
    assert build_inputs()["meeting_id"] == MEETING


@pytest.mark.parametrize("name", ["resource_urn", "mark"])
def test_a_prefix_is_made_of_texts_alone(name: str) -> None:
    """A raw program can register anything, and a check does not crash on it."""
    given = build_inputs(layers={"default": {}}, **{name: []})
    assert (
        "file_name_prefix"
        not in apply_defaults(given, {}, RecordingDefaults())["layers"]["default"]
    )
