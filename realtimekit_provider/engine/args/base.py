"""What all classes of typed arguments have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.redaction import HIDDEN

__all__ = ["Args", "StorageConfigArgs", "args_to_dict"]


def args_to_dict(args: object) -> dict[str, Any] | None:
    """Return an Args object as the API's keys and values, ``None`` for anything else.

    What is left out is not in the mapping. That of a storage holds its ``type`` too.
    """
    if not isinstance(args, Args):
        return None
    names = [each.name for each in fields(args)]
    if isinstance(args, StorageConfigArgs):
        names.append("type")
    values = {name: getattr(args, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class Args:
    """The base of all classes of typed arguments: their text shows no credential."""

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={_hide(value)!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({shown})"


def _hide(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: HIDDEN if key in SECRET_KEYS and inner is not None else _hide(inner)
            for key, inner in value.items()
        }
    return [_hide(inner) for inner in value] if isinstance(value, (list, tuple)) else value


@dataclass(frozen=True, kw_only=True)
class StorageConfigArgs(Args):
    """Storage of one's own; the base of a class for each storage type.

    Attributes:
        type: The API's word for the storage type.
    """

    type: ClassVar[str]
