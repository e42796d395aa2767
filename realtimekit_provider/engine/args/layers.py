"""Typed arguments for layers and their outputs, as classes and as plain dicts with the same keys.

Each storage type has a module of its own in :mod:`realtimekit_provider.engine.args.storage`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import pulumi
from typing_extensions import Never, NotRequired, TypedDict

from realtimekit_provider.engine.args.base import Args, StorageConfigArgs
from realtimekit_provider.engine.args.storage.all_types import StorageConfigArgsDict

__all__ = [
    "LayerArgs",
    "LayerArgsDict",
    "LayerInput",
    "OutputArgs",
    "OutputArgsDict",
    "OutputInput",
    "StorageConfigInput",
    "UntypedMapping",
]

UntypedMapping: TypeAlias = Mapping[str, Never]
"""A mapping whose values are ``Any``, such as what ``json.loads`` returns.

``Any`` fits ``Never``, and no other type does. With ``Mapping[str, Any]`` instead, every dict
that is written out would pass mypy and pyright, whatever its keys are.
"""

StorageConfigInput: TypeAlias = pulumi.Input[
    StorageConfigArgs | StorageConfigArgsDict | Mapping[str, pulumi.Output[Any]] | UntypedMapping
]
"""Storage of one's own: an Args object, a dict of the same keys, or a gate's ``storage_config``."""


class OutputArgsDict(TypedDict):
    """One destination of a layer's file, as a dict with the keys of :class:`OutputArgs`."""

    type: pulumi.Input[Literal["REALTIMEKIT_BUCKET", "STORAGE_CONFIG"]]
    storage_config: NotRequired[StorageConfigInput | None]


@dataclass(frozen=True, kw_only=True, repr=False)
class OutputArgs(Args):
    """One destination of a layer's file.

    Attributes:
        type: ``REALTIMEKIT_BUCKET``, Cloudflare's own bucket, where files stay for seven
            days; or ``STORAGE_CONFIG``, storage of one's own.
        storage_config: The storage, for ``STORAGE_CONFIG``.
    """

    type: pulumi.Input[Literal["REALTIMEKIT_BUCKET", "STORAGE_CONFIG"]]
    storage_config: StorageConfigInput | None = None


OutputInput: TypeAlias = pulumi.Input[OutputArgs | OutputArgsDict | UntypedMapping]
"""One destination of a layer's file: an Args object, or a dict of the same keys."""


class LayerArgsDict(TypedDict):
    """A layer, as a dict with the keys of :class:`LayerArgs`."""

    file_name_prefix: NotRequired[pulumi.Input[str] | None]
    outputs: NotRequired[pulumi.Input[Sequence[OutputInput]] | None]
    media_kind: NotRequired[pulumi.Input[Literal["audio"]] | None]


@dataclass(frozen=True, kw_only=True, repr=False)
class LayerArgs(Args):
    """A layer: tracks of the meeting, and where their file goes.

    Attributes:
        file_name_prefix: What the file's name begins with: letters, digits and ``_``. The
            word ``{mark}`` in it stands for the mark, a short text that proves whose
            recording it is. Made of stack, resource, layer and mark where it is left out.
        outputs: The destinations; Cloudflare's own bucket where they are left out.
        media_kind: ``audio``; only with ``realtimekit:trackApi`` ``managed``.
    """

    file_name_prefix: pulumi.Input[str] | None = None
    outputs: pulumi.Input[Sequence[OutputInput]] | None = None
    media_kind: pulumi.Input[Literal["audio"]] | None = None


LayerInput: TypeAlias = pulumi.Input[LayerArgs | LayerArgsDict | UntypedMapping]
"""A layer: an Args object, or a dict of the same keys."""
