"""The body of a start request, in either of its two published shapes."""

from __future__ import annotations

import re
from typing import Any

from realtimekit_emulator.api.storage_config_body import check_storage_config
from realtimekit_emulator.api.validation import (
    create_error,
    join_path,
    refuse_unknown_keys,
    require_array,
    require_choice,
    require_key,
    require_number,
    require_object,
    require_text,
)
from realtimekit_emulator.model.recording import Layer, Output
from realtimekit_emulator.model.settings import Settings

_PREFIX = re.compile(r"[A-Za-z0-9_]+")
_OUTPUT_TYPES = (
    "REALTIMEKIT_BUCKET",
    "STORAGE_CONFIG",
    "DYTE_BUCKET",
    "RTMP_OUT",
    "WEBSOCKET",
)
_MAX_USERS = 100


class StartBody:
    """The checked body of a start request.

    Keys are checked in the order of the reference, unknown keys last, and the first error is
    raised.

    Attributes:
        meeting_id: The meeting to record.
        layers: What is recorded, and where it goes.
        user_ids: Who is recorded, in the published shape; everybody where it is empty.
        max_seconds: The longest that the recording may run.

    Raises:
        InvalidRequestError: A value does not fit, in the API's words.
    """

    def __init__(self, body: dict[str, Any], settings: Settings) -> None:
        self._settings = settings
        self.meeting_id = require_text(require_key(body, "meeting_id"), "meeting_id")
        self.user_ids: tuple[str, ...] = ()
        self.max_seconds: float | None = None
        if settings.body_shape == "published":
            self.layers = self._read_published_shape(body)
        else:
            self.layers = self._read_reference_shape(body)

    def _read_reference_shape(self, body: dict[str, Any]) -> tuple[Layer, ...]:
        values = _require_layers(require_key(body, "layers"))
        layers = tuple(self._read_layer(name, value) for name, value in values.items())
        if "max_seconds" in body:
            low, high = self._settings.max_seconds_minimum, self._settings.max_seconds_maximum
            self.max_seconds = require_number(body["max_seconds"], "max_seconds", low, high)
        refuse_unknown_keys(body, ("meeting_id", "layers", "max_seconds"))
        return layers

    def _read_published_shape(self, body: dict[str, Any]) -> tuple[Layer, ...]:
        values = _require_layers(body.get("layers", {"default": {}}))
        layers = tuple(self._read_audio_layer(name, value) for name, value in values.items())
        users = require_array(body.get("user_ids", []), "user_ids")
        if len(users) > _MAX_USERS:
            raise create_error("user_ids", f"must contain less than or equal to {_MAX_USERS} items")
        self.user_ids = tuple(
            require_text(user, f"user_ids[{index}]") for index, user in enumerate(users)
        )
        refuse_unknown_keys(body, ("meeting_id", "layers", "user_ids"))
        return layers

    def _read_layer(self, name: str, value: Any) -> Layer:
        path = join_path("layers", name)
        layer = require_object(value, path)
        prefix = self._read_prefix(layer, path)
        outputs_path = join_path(path, "outputs")
        outputs = require_array(require_key(layer, "outputs", path), outputs_path)
        if not outputs:
            raise create_error(outputs_path, "must contain at least 1 items")
        read = tuple(
            _read_output(output, f"{outputs_path}[{index}]") for index, output in enumerate(outputs)
        )
        refuse_unknown_keys(layer, ("file_name_prefix", "outputs"), path)
        return Layer(name, read, prefix)

    def _read_audio_layer(self, name: str, value: Any) -> Layer:
        path = join_path("layers", name)
        layer = require_object(value, path)
        prefix = self._read_prefix(layer, path)
        media_kind = require_choice(
            layer.get("media_kind", "audio"), ("audio",), join_path(path, "media_kind")
        )
        refuse_unknown_keys(layer, ("file_name_prefix", "media_kind"), path)
        return Layer(name, (Output("REALTIMEKIT_BUCKET"),), prefix, media_kind)

    def _read_prefix(self, layer: dict[str, Any], path: str) -> str | None:
        if "file_name_prefix" not in layer:
            return None
        path = join_path(path, "file_name_prefix")
        prefix = require_text(layer["file_name_prefix"], path)
        if self._settings.prefix_pattern and not _PREFIX.fullmatch(prefix):
            raise create_error(path, "must only contain alpha-numeric and underscore characters")
        return prefix


def _require_layers(value: Any) -> dict[str, Any]:
    layers = require_object(value, "layers")
    if not layers:
        raise create_error("layers", "must have at least 1 key")
    return layers


def _read_output(value: Any, path: str) -> Output:
    output = require_object(value, path)
    type_name = require_choice(
        output.get("type", "REALTIMEKIT_BUCKET"), _OUTPUT_TYPES, join_path(path, "type")
    )
    if type_name in {"RTMP_OUT", "WEBSOCKET"}:
        # Nothing is published about the keys of these two, so none is refused.
        return Output(type_name)
    if type_name != "STORAGE_CONFIG":
        refuse_unknown_keys(output, ("type",), path)
        return Output(type_name)
    storage_path = join_path(path, "storage_config")
    storage = require_object(require_key(output, "storage_config", path), storage_path)
    check_storage_config(storage, storage_path)
    refuse_unknown_keys(output, ("type", "storage_config"), path)
    return Output(type_name, {key: one for key, one in output.items() if key != "type"})
