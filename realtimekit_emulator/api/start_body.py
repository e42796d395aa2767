"""What the body of a start may say, in either of its two published shapes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from realtimekit_emulator.api.body_checks import (
    array,
    join,
    mapping,
    number,
    one_of,
    only,
    refuse,
    required,
    text,
)
from realtimekit_emulator.api.storage_config_body import storage_config
from realtimekit_emulator.errors import InvalidError
from realtimekit_emulator.model.recording import Layer, Output

if TYPE_CHECKING:
    from realtimekit_emulator.model.settings import Settings

_PREFIX = re.compile(r"[A-Za-z0-9_]+")
_OUTPUT_TYPES = (
    "REALTIMEKIT_BUCKET", "STORAGE_CONFIG", "DYTE_BUCKET", "RTMP_OUT", "WEBSOCKET",
)  # fmt: skip
_MOST_USERS = 100


class StartBody:
    """The checked body of a start.

    Keys are checked in the order of the reference, unknown keys last, and the first problem is
    the one that is told.
    """

    def __init__(self, body: dict[str, Any], settings: Settings) -> None:
        self._settings = settings
        self.meeting_id = text(required(body, "meeting_id"), "meeting_id")
        self.user_ids: tuple[str, ...] = ()
        self.max_seconds: float | None = None
        if settings.body_shape == "published":
            self.layers = self._published(body)
        else:
            self.layers = self._reference(body)

    def _reference(self, body: dict[str, Any]) -> tuple[Layer, ...]:
        layers = _layers(required(body, "layers"))
        checked = tuple(self._layer(name, layer) for name, layer in layers.items())
        if "max_seconds" in body:
            low, high = self._settings.max_seconds_minimum, self._settings.max_seconds_maximum
            self.max_seconds = number(body["max_seconds"], "max_seconds", low, high)
        only(body, ("meeting_id", "layers", "max_seconds"))
        return checked

    def _published(self, body: dict[str, Any]) -> tuple[Layer, ...]:
        layers = _layers(body.get("layers", {"default": {}}))
        checked = tuple(self._audio_layer(name, layer) for name, layer in layers.items())
        users = array(body.get("user_ids", []), "user_ids")
        if len(users) > _MOST_USERS:
            message = f'"user_ids" must contain less than or equal to {_MOST_USERS} items'
            raise InvalidError(message)
        self.user_ids = tuple(text(one, f"user_ids[{at}]") for at, one in enumerate(users))
        only(body, ("meeting_id", "layers", "user_ids"))
        return checked

    def _layer(self, name: str, value: Any) -> Layer:
        path = join("layers", name)
        layer = mapping(value, path)
        prefix = self._prefix(layer, path)
        outputs_path = join(path, "outputs")
        outputs = array(required(layer, "outputs", path), outputs_path)
        if not outputs:
            raise refuse(outputs_path, "must contain at least 1 items")
        checked = tuple(_output(one, f"{outputs_path}[{at}]") for at, one in enumerate(outputs))
        only(layer, ("file_name_prefix", "outputs"), path)
        return Layer(name, checked, prefix)

    def _audio_layer(self, name: str, value: Any) -> Layer:
        path = join("layers", name)
        layer = mapping(value, path)
        prefix = self._prefix(layer, path)
        kind = one_of(layer.get("media_kind", "audio"), ("audio",), join(path, "media_kind"))
        only(layer, ("file_name_prefix", "media_kind"), path)
        return Layer(name, (Output("REALTIMEKIT_BUCKET"),), prefix, kind)

    def _prefix(self, layer: dict[str, Any], path: str) -> str | None:
        if "file_name_prefix" not in layer:
            return None
        path = join(path, "file_name_prefix")
        prefix = text(layer["file_name_prefix"], path)
        if self._settings.prefix_pattern and not _PREFIX.fullmatch(prefix):
            raise refuse(path, "must only contain alpha-numeric and underscore characters")
        return prefix


def _layers(value: Any) -> dict[str, Any]:
    layers = mapping(value, "layers")
    if not layers:
        message = '"layers" must have at least 1 key'
        raise InvalidError(message)
    return layers


def _output(value: Any, path: str) -> Output:
    output = mapping(value, path)
    kind = one_of(output.get("type", "REALTIMEKIT_BUCKET"), _OUTPUT_TYPES, join(path, "type"))
    if kind in {"RTMP_OUT", "WEBSOCKET"}:
        # Nothing is published about the keys of these two, so none is refused.
        return Output(kind)
    if kind != "STORAGE_CONFIG":
        only(output, ("type",), path)
        return Output(kind)
    storage_path = join(path, "storage_config")
    storage = mapping(required(output, "storage_config", path), storage_path)
    storage_config(storage, storage_path)
    only(output, ("type", "storage_config"), path)
    return Output(kind, dict(storage))
