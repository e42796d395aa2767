"""Checks of JSON values, in the words of the live API's error messages.

A ``path`` names the value in the body: ``layers.default.outputs[0].type``. All checks raise
InvalidRequestError.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from realtimekit_emulator.errors import InvalidRequestError


def create_error(path: str, reason: str) -> InvalidRequestError:
    """Return the error for a value."""
    return InvalidRequestError(f'"{path}" {reason}')


def join_path(path: str, key: str) -> str:
    """Return the path of a key in the object at ``path``."""
    return f"{path}.{key}" if path else key


def require_key(value: dict[str, Any], key: str, path: str = "") -> Any:
    """Return the value of a key that must exist."""
    if key not in value:
        raise create_error(join_path(path, key), "is required")
    return value[key]


def refuse_unknown_keys(value: dict[str, Any], known: Iterable[str], path: str = "") -> None:
    """Raise an error for a key that is not known."""
    known = set(known)
    for key in value:
        if key not in known:
            raise create_error(join_path(path, key), "is not allowed")


def require_object(value: Any, path: str) -> dict[str, Any]:
    """Return a value that must be an object."""
    if not isinstance(value, dict):
        raise create_error(path, "must be of type object")
    return value


def require_array(value: Any, path: str) -> list[Any]:
    """Return a value that must be an array."""
    if not isinstance(value, list):
        raise create_error(path, "must be an array")
    return value


def require_text(value: Any, path: str, *, may_be_empty: bool = False) -> str:
    """Return a value that must be a string."""
    if not isinstance(value, str):
        raise create_error(path, "must be a string")
    if not value and not may_be_empty:
        raise create_error(path, "is not allowed to be empty")
    return value


def require_number(value: Any, path: str, low: float, high: float) -> float:
    """Return a value that must be a number between two limits, both included."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise create_error(path, "must be a number")
    if value < low:
        raise create_error(path, f"must be greater than or equal to {low:g}")
    if value > high:
        raise create_error(path, f"must be less than or equal to {high:g}")
    return value


def require_boolean(value: Any, path: str) -> bool:
    """Return a value that must be a boolean."""
    if not isinstance(value, bool):
        raise create_error(path, "must be a boolean")
    return value


def require_choice(value: Any, options: Sequence[str], path: str) -> str:
    """Return a value that must be one of a few words."""
    if value not in options:
        raise create_error(path, f"must be one of [{', '.join(options)}]")
    return str(value)
