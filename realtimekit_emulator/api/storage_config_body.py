"""The check of a storage_config; its types and their fields are in `uploads.registry`."""

from __future__ import annotations

from typing import Any

from realtimekit_emulator.api.validation import (
    join_path,
    refuse_unknown_keys,
    require_choice,
    require_key,
    require_number,
    require_text,
)
from realtimekit_emulator.uploads.registry import STORAGE_FIELDS, STORAGE_TYPES

_NUMBERS = {
    name: limits for one in STORAGE_TYPES.values() for name, limits in one.number_fields.items()
}
_CHOICES = {
    name: choices for one in STORAGE_TYPES.values() for name, choices in one.choice_fields.items()
}


def check_storage_config(value: dict[str, Any], path: str) -> None:
    """Do nothing if a storage_config has what its type requires, and only known fields.

    Raises:
        InvalidRequestError: It does not.
    """
    type_name = require_key(value, "type", path)
    require_choice(type_name, tuple(STORAGE_TYPES), join_path(path, "type"))
    required = _check_required_fields(value, path)
    for name in STORAGE_FIELDS:
        if name in value:
            _check_field(name, value[name], join_path(path, name), is_required=name in required)
    refuse_unknown_keys(value, ("type", *STORAGE_FIELDS), path)


def _check_required_fields(value: dict[str, Any], path: str) -> set[str]:
    storage_type = STORAGE_TYPES[value["type"]]
    required = list(storage_type.required_fields)
    for name, choices in storage_type.choice_fields.items():
        if name in value:
            required += choices[require_choice(value[name], tuple(choices), join_path(path, name))]
    for name in required:
        require_key(value, name, path)
    return set(required)


def _check_field(name: str, value: Any, path: str, *, is_required: bool) -> None:
    if name in _NUMBERS:
        low, high = _NUMBERS[name]
        require_number(value, path, low if is_required else 0, high)
    elif name in _CHOICES:
        require_choice(value, tuple(_CHOICES[name]), path)
    else:
        # The path may be empty, which is the root, and so may be what the type does not need.
        require_text(value, path, may_be_empty=name == "path" or not is_required)
