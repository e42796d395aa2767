"""The sections of a stack's config: a new thing to declare is an entry of :data:`SECTIONS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from realtimekit_provider.program.recordings import declare_recordings, validate_recordings
from realtimekit_provider.program.references import NAMESPACE, StackConfig
from realtimekit_provider.program.stack import Declared, Stack
from realtimekit_provider.program.storage import declare_storage, validate_storage
from realtimekit_provider.schema.input_failures import InputFailure

__all__ = ["SECTIONS", "Section"]


@dataclass(frozen=True)
class Section:
    """One key of a stack's config, whose value maps names to what is declared.

    Attributes:
        name: The key in the namespace ``realtimekit``.
        validate: Yields everything that is wrong with the section.
        declare: Declares the resources of the section, and returns them by name. It receives
            the resources of the sections before it.
    """

    name: str
    validate: Callable[[Stack, StackConfig], Iterator[InputFailure]]
    declare: Callable[[Stack, StackConfig, Declared], Mapping[str, Any]]

    @property
    def key(self) -> str:
        """The key with its namespace."""
        return f"{NAMESPACE}:{self.name}"


SECTIONS = (
    Section("storage", validate_storage, declare_storage),
    Section("recordings", validate_recordings, declare_recordings),
)
"""Every section, in the order in which its resources are declared."""
