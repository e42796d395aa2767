"""Every field that says where something is: values of it, and other spellings of each value."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from hypothesis import strategies as st

from realtimekit_provider.api.models.storage_config import CREDENTIAL_KEYS, StorageConfig
from realtimekit_provider.storage.backends.registry import (
    STORAGE_TYPES,
    get_location_model,
    get_writer_model,
    list_types_with_writers,
)

__all__ = [
    "CONFIG_FIELDS",
    "LOCATION_FIELDS",
    "WRITER_FIELDS",
    "draw_spellings",
    "get_values",
    "spell",
]

CONFIG_FIELDS: Mapping[str, frozenset[str]] = {
    get_args(model.model_fields["type"].annotation)[0]: frozenset(model.model_fields)
    - {*CREDENTIAL_KEYS, "type"}
    for model in get_args(get_args(StorageConfig)[0])
}
"""The fields of each type's ``storage_config`` that say where files go, beside ``type``."""

LOCATION_FIELDS: Mapping[str, frozenset[str]] = {
    name: frozenset({*model.replace_on, *model.identity_fields})
    for name, model in zip(STORAGE_TYPES, map(get_location_model, STORAGE_TYPES), strict=True)
}
"""The fields that say where a location of each type is, beside ``type``."""

WRITER_FIELDS: Mapping[str, frozenset[str]] = {
    name: get_writer_model(name).replace_on for name in list_types_with_writers()
}
"""The fields whose change is another writer, beside ``type``."""

_Spellings = Callable[[Any], st.SearchStrategy[Any]]

_names = st.text("abAB-1", min_size=1, max_size=4)
_folders = st.lists(_names, min_size=1, max_size=3).map("/".join)
_addresses = st.ip_addresses(v=6).map(str)
_hosts = st.text("abc1", min_size=1, max_size=4) | _addresses


def _spell_case(text: str) -> st.SearchStrategy[str]:
    flips = st.lists(st.booleans(), min_size=len(text), max_size=len(text))
    return flips.map(
        lambda flipped: "".join(
            letter.upper() if flip else letter for letter, flip in zip(text, flipped, strict=True)
        )
    )


def _spell_host(host: str) -> st.SearchStrategy[str]:
    long = ipaddress.ip_address(host).exploded if ":" in host else host
    return st.sampled_from([host, long]).flatmap(_spell_case)


def _build_endpoint(host: str) -> str:
    return f"https://[{host}]" if ":" in host else f"https://{host}"


def _spell_endpoint(url: str) -> st.SearchStrategy[str]:
    host = url.removeprefix("https://").strip("[]")
    endings = st.sampled_from(["", "/", ":443", ":443/"])
    return st.builds(
        lambda spelled, end: f"{_build_endpoint(spelled)}{end}", _spell_host(host), endings
    )


def _spell_folder(folder: str) -> st.SearchStrategy[str]:
    return st.sampled_from([folder, f"/{folder}", f"{folder}/", f"//{folder}/"])


def _spell_path(path: str) -> st.SearchStrategy[str]:
    if path.startswith("/"):
        return st.sampled_from([path, f"{path}/", f"/{path}", f"/.{path}", f"{path}/."])
    return st.sampled_from([path, f"{path}/", f"./{path}", path.replace("/", "//")])


_PATH_ON_SERVER = (_folders | _folders.map("/{}".format), _spell_path)
_VALUES: Mapping[str, tuple[st.SearchStrategy[Any], _Spellings]] = {
    "region": (st.text("ab-1", min_size=1, max_size=4), _spell_case),
    "host": (_hosts, _spell_host),
    "endpoint": (_hosts.map(_build_endpoint), _spell_endpoint),
    "path": (_folders, _spell_folder),
    "prefix": (_folders, _spell_folder),
    "port": (st.integers(1, 65535), st.just),
    **dict.fromkeys(
        ("bucket", "container", "account", "project", "username", "name"), (_names, st.just)
    ),
}


def get_values(storage_type: str, field: str) -> st.SearchStrategy[Any]:
    """Return values of a field of which no two are one place."""
    return (_PATH_ON_SERVER if (storage_type, field) == ("sftp", "path") else _VALUES[field])[0]


def spell(storage_type: str, field: str, value: Any) -> st.SearchStrategy[Any]:
    """Return the spellings of one of the values of :func:`get_values`."""
    spellings = _PATH_ON_SERVER if (storage_type, field) == ("sftp", "path") else _VALUES[field]
    return spellings[1](value)


def draw_spellings(
    data: st.DataObject, storage_type: str, fields: Iterable[str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields of one place twice, each time in any spelling."""
    one, other = {}, {}
    for field in sorted(fields):
        value = data.draw(get_values(storage_type, field))
        spellings = spell(storage_type, field, value)
        one[field], other[field] = data.draw(spellings), data.draw(spellings)
    return one, other
