"""Small checks of JSON values, with the wording of the live API's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from realtimekit_emulator.errors import InvalidError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def refuse(path: str, problem: str) -> InvalidError:
    """Return the refusal of a value, named by its path."""
    return InvalidError(f'"{path}" {problem}')


def only(value: dict[str, Any], known: Iterable[str], path: str = "") -> None:
    """Refuse keys that are not known."""
    known = set(known)
    for key in value:
        if key not in known:
            raise refuse(join(path, key), "is not allowed")


def join(path: str, key: str) -> str:
    """Name a key of what ``path`` names."""
    return f"{path}.{key}" if path else key


def mapping(value: Any, path: str) -> dict[str, Any]:
    """Return an object."""
    if not isinstance(value, dict):
        raise refuse(path, "must be of type object")
    return value


def array(value: Any, path: str) -> list[Any]:
    """Return an array."""
    if not isinstance(value, list):
        raise refuse(path, "must be an array")
    return value


def text(value: Any, path: str, *, empty: bool = False) -> str:
    """Return a string."""
    if not isinstance(value, str):
        raise refuse(path, "must be a string")
    if not value and not empty:
        raise refuse(path, "is not allowed to be empty")
    return value


def number(value: Any, path: str, low: float, high: float) -> float:
    """Return a number between two limits, both allowed."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise refuse(path, "must be a number")
    if value < low:
        raise refuse(path, f"must be greater than or equal to {low:g}")
    if value > high:
        raise refuse(path, f"must be less than or equal to {high:g}")
    return value


def flag(value: Any, path: str) -> bool:
    """Return a boolean."""
    if not isinstance(value, bool):
        raise refuse(path, "must be a boolean")
    return value


def one_of(value: Any, options: Sequence[str], path: str) -> str:
    """Return one of a few words."""
    if value not in options:
        raise refuse(path, f"must be one of [{', '.join(options)}]")
    return str(value)


def required(value: dict[str, Any], key: str, path: str = "") -> Any:
    """Return a key that must be there."""
    if key not in value:
        raise refuse(join(path, key), "is required")
    return value[key]
