"""Typed arguments for layers and their outputs; plain dicts with the same keys work as well.

Each storage type has a module of its own in :mod:`realtimekit_provider.engine.storage_args`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal

import pulumi

from realtimekit_provider.constants import SECRET_KEYS
from realtimekit_provider.redaction import HIDDEN

__all__ = ["LayerArgs", "OutputArgs", "StorageConfigArgs", "args_to_dict"]


def args_to_dict(args: object) -> dict[str, Any] | None:
    """Return an Args object as the API's keys and values, ``None`` for anything else.

    What is left out is not in the mapping. That of a storage holds its ``type`` too.
    """
    if not isinstance(args, _Args):
        return None
    names = [each.name for each in fields(args)]
    if isinstance(args, StorageConfigArgs):
        names.append("type")
    values = {name: getattr(args, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, kw_only=True)
class _Args:
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
class StorageConfigArgs(_Args):
    """Storage of one's own; the base of a class for each storage type.

    Attributes:
        type: The API's word for the storage type.
    """

    type: ClassVar[str]


@dataclass(frozen=True, kw_only=True, repr=False)
class OutputArgs(_Args):
    """One destination of a layer's file.

    Attributes:
        type: ``REALTIMEKIT_BUCKET``, Cloudflare's own bucket, where files stay for seven
            days; or ``STORAGE_CONFIG``, storage of one's own.
        storage_config: The storage, for ``STORAGE_CONFIG``.
    """

    type: pulumi.Input[Literal["REALTIMEKIT_BUCKET", "STORAGE_CONFIG"]]
    storage_config: pulumi.Input[StorageConfigArgs | Mapping[str, Any]] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class LayerArgs(_Args):
    """A layer: tracks of the meeting, and where their file goes.

    Attributes:
        file_name_prefix: What the file's name begins with: letters, digits and ``_``. The
            word ``{mark}`` in it stands for a short hash that proves whose recording it is.
            Made of stack, resource, layer and that hash where it is left out.
        outputs: The destinations; Cloudflare's own bucket where they are left out.
        media_kind: ``audio``; only with ``realtimekit:trackApi`` ``managed``.
    """

    file_name_prefix: pulumi.Input[str] | None = None
    outputs: pulumi.Input[Sequence[pulumi.Input[OutputArgs | Mapping[str, Any]]]] | None = None
    media_kind: pulumi.Input[Literal["audio"]] | None = None
