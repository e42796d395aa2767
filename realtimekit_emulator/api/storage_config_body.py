"""What a storage_config must say for each type of storage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from realtimekit_emulator.api.body_checks import join, number, one_of, only, required, text

if TYPE_CHECKING:
    from collections.abc import Mapping

_TYPES = ("aws", "azure", "digitalocean", "gcs", "sftp")
_TEXTS = (
    "access_key", "bucket", "host", "password", "path", "private_key", "region", "secret",
    "username",
)  # fmt: skip
_NEEDED: Mapping[str, tuple[str, ...]] = {
    "aws": ("access_key", "secret", "bucket", "region"),
    "azure": ("access_key", "bucket"),
    "digitalocean": ("access_key", "secret", "bucket", "region"),
    "gcs": ("secret", "bucket", "region"),
    "sftp": ("host", "port", "username", "path", "auth_method"),
}
_NEEDED_BY_METHOD: Mapping[str, tuple[str, ...]] = {
    "KEY": ("private_key",),
    "PASSWORD": ("password",),
}
_LAST_PORT = 65535


def storage_config(value: dict[str, Any], path: str) -> None:
    """Check a storage_config; which keys are needed depends on its type."""
    kind = one_of(required(value, "type", path), _TYPES, join(path, "type"))
    needed = _NEEDED[kind]
    if kind == "sftp" and "auth_method" in value:
        method = one_of(value["auth_method"], ("KEY", "PASSWORD"), join(path, "auth_method"))
        needed += _NEEDED_BY_METHOD[method]
    for key in needed:
        required(value, key, path)
    for key in _TEXTS:
        if key in value:
            # Only what a type has no use for may be empty, and the path, which may be the root.
            text(value[key], join(path, key), empty=key == "path" or key not in needed)
    if "port" in value:
        number(value["port"], join(path, "port"), 0 if kind != "sftp" else 1, _LAST_PORT)
    if "auth_method" in value and kind != "sftp":
        one_of(value["auth_method"], ("KEY", "PASSWORD"), join(path, "auth_method"))
    only(value, ("type", "port", "auth_method", *_TEXTS), path)
