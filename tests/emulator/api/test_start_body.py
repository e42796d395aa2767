"""The body of a start request: the texts are the live API's where those are known."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from realtimekit_emulator.api.start_body import StartBody
from realtimekit_emulator.errors import InvalidRequestError
from realtimekit_emulator.model.settings import Settings
from realtimekit_emulator.uploads.registry import STORAGE_TYPES

AWS = {"type": "aws", "access_key": "canary-a", "secret": "canary-s", "bucket": "b", "region": "r"}
BODY: dict[str, Any] = {
    "meeting_id": "m",
    "layers": {"default": {"file_name_prefix": "standup", "outputs": [{"type": "STORAGE_CONFIG"}]}},
}
EXAMPLES: dict[str, Any] = {
    "aws": AWS,
    "azure": {"type": "azure", "access_key": "canary", "bucket": "c", "secret": "", "region": ""},
    "digitalocean": {**AWS, "type": "digitalocean", "region": "SGP1", "path": ""},
    "gcs": {"type": "gcs", "secret": "{}", "bucket": "b", "region": "r"},
    "sftp by password": {
        "type": "sftp",
        "host": "h",
        "port": 22,
        "username": "u",
        "path": "/in",
        "auth_method": "PASSWORD",
        "password": "canary",
    },
    "sftp by key": {
        "type": "sftp",
        "host": "h",
        "port": 22,
        "username": "u",
        "path": "/in",
        "auth_method": "KEY",
        "private_key": "canary",
    },
}


def check(body: dict[str, Any], **settings: object) -> StartBody:
    """Check a body."""
    return StartBody(body, Settings().with_changes(settings))


def find_error(body: dict[str, Any], **settings: object) -> str:
    """Return why a body is refused."""
    with pytest.raises(InvalidRequestError) as caught:
        check(body, **settings)
    return caught.value.message


def with_storage(storage: object) -> dict[str, Any]:
    """Return a body with a storage_config."""
    body = copy.deepcopy(BODY)
    body["layers"]["default"]["outputs"][0]["storage_config"] = storage
    return body


def with_layer(**layer: object) -> dict[str, Any]:
    """Return a body with one layer."""
    return {"meeting_id": "m", "layers": {"default": layer}}


def test_two_layers_keep_their_order_and_outputs() -> None:
    """The example of the reference becomes two layers with one output each."""
    bucket = {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}
    body = check({"meeting_id": "m", "layers": {"default": bucket, "default-video": bucket}})
    assert [layer.name for layer in body.layers] == ["default", "default-video"]
    assert body.layers[1].outputs[0].type == "REALTIMEKIT_BUCKET"


@pytest.mark.parametrize("storage", EXAMPLES.values(), ids=EXAMPLES.keys())
def test_every_storage_type_is_accepted(storage: dict[str, Any]) -> None:
    """The fields that the guide shows for a type are enough."""
    assert check(with_storage(storage)).layers[0].outputs[0].storage == storage


@pytest.mark.parametrize(
    ("example", "missing"),
    [
        *(("aws", key) for key in ("type", "access_key", "secret", "bucket", "region")),
        *(("azure", key) for key in ("access_key", "bucket")),
        *(("digitalocean", key) for key in ("access_key", "secret", "bucket", "region")),
        *(("gcs", key) for key in ("secret", "bucket", "region")),
        *(("sftp by password", key) for key in ("host", "port", "username", "path", "auth_method")),
        ("sftp by password", "password"),
        ("sftp by key", "private_key"),
    ],
)
def test_a_missing_field_of_a_storage_type_is_refused(example: str, missing: str) -> None:
    """The error names the field by its path."""
    storage = {key: value for key, value in EXAMPLES[example].items() if key != missing}
    path = f"layers.default.outputs[0].storage_config.{missing}"
    assert find_error(with_storage(storage)) == f'"{path}" is required'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"meeting_id": "m"}, '"layers" is required'),
        ({"layers": {}}, '"meeting_id" is required'),
        ({"meeting_id": 7}, '"meeting_id" must be a string'),
        ({"meeting_id": ""}, '"meeting_id" is not allowed to be empty'),
        ({"meeting_id": "m", "layers": []}, '"layers" must be of type object'),
        ({"meeting_id": "m", "layers": {}}, '"layers" must have at least 1 key'),
        ({"meeting_id": "m", "layers": {"X": {}}}, '"layers.X.outputs" is required'),
        (with_layer(outputs={}), '"layers.default.outputs" must be an array'),
        (with_layer(outputs=[]), '"layers.default.outputs" must contain at least 1 items'),
        (
            with_layer(outputs=[{"type": "REALTIMEKIT_BUCKET"}], media_kind="audio"),
            '"layers.default.media_kind" is not allowed',
        ),
        (
            with_layer(outputs=[{"type": "FLOPPY"}]),
            (
                '"layers.default.outputs[0].type" must be one of [REALTIMEKIT_BUCKET, '
                "STORAGE_CONFIG, DYTE_BUCKET, RTMP_OUT, WEBSOCKET]"
            ),
        ),
        (
            with_layer(outputs=[{"type": "STORAGE_CONFIG"}]),
            '"layers.default.outputs[0].storage_config" is required',
        ),
        (
            with_layer(outputs=[{"type": "REALTIMEKIT_BUCKET", "storage_config": AWS}]),
            '"layers.default.outputs[0].storage_config" is not allowed',
        ),
        (
            with_layer(outputs=[], file_name_prefix="a b"),
            (
                '"layers.default.file_name_prefix" must only contain alpha-numeric and underscore '
                "characters"
            ),
        ),
        (
            with_storage({**AWS, "type": "tape"}),
            (
                '"layers.default.outputs[0].storage_config.type" must be one of '
                f"[{', '.join(STORAGE_TYPES)}]"
            ),
        ),
        (
            with_storage({**AWS, "secret": ""}),
            '"layers.default.outputs[0].storage_config.secret" is not allowed to be empty',
        ),
        (
            with_storage({**AWS, "acl": "private"}),
            '"layers.default.outputs[0].storage_config.acl" is not allowed',
        ),
        (
            with_storage({**EXAMPLES["sftp by key"], "port": "22"}),
            '"layers.default.outputs[0].storage_config.port" must be a number',
        ),
        (
            with_storage({**EXAMPLES["sftp by key"], "port": 70000}),
            '"layers.default.outputs[0].storage_config.port" must be less than or equal to 65535',
        ),
    ],
)
def test_a_wrong_body_is_refused_in_the_apis_words(body: dict[str, Any], text: str) -> None:
    """The first error is reported, by the path of the value."""
    assert find_error(body) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (59, "must be greater than or equal to 60"),
        (86401, "must be less than or equal to 86400"),
        ("3600", "must be a number"),
        (True, "must be a number"),
    ],
)
def test_max_seconds_has_a_range(value: object, text: str) -> None:
    """From a minute to a day, as the composite guide says."""
    assert find_error({**with_storage(AWS), "max_seconds": value}) == f'"max_seconds" {text}'
    assert check({**with_storage(AWS), "max_seconds": 60}).max_seconds == 60


@pytest.mark.parametrize("extra", ["user_ids", "storage_config", "layer"])
def test_unknown_keys_are_refused(extra: str) -> None:
    """Whatever the reference does not have is not allowed."""
    assert find_error({**with_storage(AWS), extra: []}) == f'"{extra}" is not allowed'


def test_other_output_types_of_the_live_api_are_accepted() -> None:
    """DYTE_BUCKET, RTMP_OUT and WEBSOCKET were seen to be accepted."""
    outputs = [
        {"type": "DYTE_BUCKET"},
        {"type": "RTMP_OUT", "rtmp_url": "x"},
        {"type": "WEBSOCKET"},
    ]
    types = [output.type for output in check(with_layer(outputs=outputs)).layers[0].outputs]
    assert types == ["DYTE_BUCKET", "RTMP_OUT", "WEBSOCKET"]


def test_the_published_shape_needs_only_a_meeting() -> None:
    """Without layers everything is recorded into the API's own bucket."""
    body = check({"meeting_id": "m"}, body_shape="published")
    assert [(layer.name, layer.outputs[0].type) for layer in body.layers] == [
        ("default", "REALTIMEKIT_BUCKET")
    ]


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"layers": {"default": {"outputs": []}}}, '"layers.default.outputs" is not allowed'),
        ({"max_seconds": 60}, '"max_seconds" is not allowed'),
        ({"user_ids": "anna"}, '"user_ids" must be an array'),
        (
            {"user_ids": [str(number) for number in range(101)]},
            '"user_ids" must contain less than or equal to 100 items',
        ),
        (
            {"layers": {"default": {"media_kind": "video"}}},
            '"layers.default.media_kind" must be one of [audio]',
        ),
    ],
)
def test_the_published_shape_refuses_outputs_and_max_seconds(
    change: dict[str, Any], text: str
) -> None:
    """What only the reference has is refused there."""
    assert find_error({"meeting_id": "m", **change}, body_shape="published") == text
