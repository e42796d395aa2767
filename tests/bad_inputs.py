"""Bad values of every input, and the path at which each is to be reported."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from typing import Any

from realtimekit_provider.api.models.track_request import Output, TrackApi
from realtimekit_provider.schema.unknown import UNKNOWN
from tests.example_values import (
    MODELS,
    PRIVATE_KEY,
    STORAGE,
    build_inputs,
    build_layers,
)

__all__ = [
    "BAD_FIELDS",
    "BAD_LAYERS",
    "BAD_STORAGE",
    "CONFIG",
    "INTERNAL_INPUTS",
    "MODELS",
    "NAMES",
    "OUTPUT",
    "PATHS",
    "REGIONS",
    "SECRETS",
    "Case",
    "build_cases",
    "insert_unknown",
    "iterate_paths",
    "replace_at",
]

OUTPUT = "layers.default.outputs[0]"
CONFIG = f"{OUTPUT}.storage_config"
INTERNAL_INPUTS = {"resource_urn", "mark"}

SECONDS = (-1, 86401, "60", True, math.inf, math.nan)
BAD_FIELDS: dict[str, tuple[Any, ...]] = {
    "meeting_id": (None, "", "a b", "a/b", "a?b", 7, ["m"]),
    "layers": (None, {}, [], "default", 7),
    "max_seconds": (59, 86401, 60.5, "3600", True, math.inf, math.nan),
    "user_ids": ([], ["u"] * 101, "u1", {"0": "u1"}),
    "user_ids[0]": ("", "a b", 7),
    "account_id": (None, "", "a" * 33, "g" * 32, "my-account", "1.2e+31", "1234567", 7),
    "app_id": (None, "", "a b", "../a", 7),
    "desired_state": ("PLAYING", "recording", "", 1, True),
    "on_no_session": ("ignore", "", 1),
    "session_timeout": SECONDS,
    "on_ended": ("stop", "", 1),
    "on_conflict": ("replace", "", 1),
    "on_delete": ("keep", "", 1),
    "replace_live": ("deny", True, 1),
    "wait_for_recording": SECONDS,
    "wait_for_upload": SECONDS,
    "adopt_recording_id": ("", "a b", "a/b", 7),
    "surprise": (1, "x"),
}
WRONG_TYPES = (["x"], {"x": 1})
"""Bad values of any field that holds one value."""
BAD_LAYERS: dict[str, tuple[Any, ...]] = {
    **{f"{OUTPUT}.{name}": WRONG_TYPES for name in Output.model_fields},
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
_BY_FIELD = {
    name: values for fields in reversed(BAD_STORAGE.values()) for name, values in fields.items()
}
BAD_STORAGE |= {
    kind: {name: _BY_FIELD[name] for name in model.model_fields}
    for kind, model in MODELS.items()
    if kind not in BAD_STORAGE
}
"""A type that is not written down above has the bad values of the first one with the field."""

Case = tuple[dict[str, Any], TrackApi, str]


def replace_at(whole: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return ``whole`` with ``value`` at ``path``; ``None`` leaves that field out."""
    changed = copy.deepcopy(whole)
    *way, last = split_path(path)
    parent: Any = changed
    for step in way:
        parent = parent[step]
    if value is None and isinstance(last, str):
        parent.pop(last, None)
    else:
        parent[last] = value
    return changed


def split_path(path: str) -> list[str | int]:
    return [
        int(step) if step.isdigit() else step
        for step in path.replace("[", ".").replace("]", "").split(".")
    ]


def build_cases() -> Iterator[tuple[str, Case]]:
    """Yield a name for each bad value, with inputs, the track API and the path."""
    plain = build_inputs(layers={"default": {"outputs": [{"type": "REALTIMEKIT_BUCKET"}]}})
    managed = build_inputs(user_ids=["u1"])
    for path, values in {**BAD_FIELDS, **BAD_LAYERS}.items():
        is_managed = path.startswith("user_ids") or path.endswith("media_kind")
        for value in values:
            base, api = (managed, "managed") if is_managed else (plain, "outputs")
            if path == CONFIG:
                base = build_inputs(layers=build_layers(STORAGE["aws"]))
            yield f"{path}={value!r:.40}", (replace_at(base, path, value), api, path)  # type: ignore[misc]
    for kind, fields in BAD_STORAGE.items():
        for name, values in fields.items():
            for value in values:
                base = build_inputs(layers=build_layers(STORAGE[kind]))
                path = f"{CONFIG}.{name}"
                yield (
                    f"{kind}.{name}={value!r:.40}",
                    (replace_at(base, path, value), "outputs", path),
                )


def iterate_paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of each part of ``value``, leaves and branches."""
    if path:
        yield path
    parts = list(value.items()) if isinstance(value, dict) else []
    parts = list(enumerate(value)) if isinstance(value, list) else parts
    for key, part in parts:
        yield from iterate_paths(part, (*path, key))


def insert_unknown(whole: dict[str, Any], path: tuple[str | int, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(whole)
    parent: Any = changed
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = UNKNOWN
    return changed
