"""What a stack's config declares, section by section, before any of it is a resource."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Declared", "Stack"]

Declared = Mapping[str, Mapping[str, Any]]
"""The resources that are declared already: by section, and in each by name."""


@dataclass(frozen=True)
class Stack:
    """What a stack declares, credentials as references.

    Attributes:
        sections: What is declared under each key of the config, such as ``recordings``, by name.
    """

    sections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def recordings(self) -> Mapping[str, Any]:
        """The recordings, by name."""
        return self.sections.get("recordings", {})

    @property
    def storage(self) -> Mapping[str, Any]:
        """The storage that outputs can name, by name."""
        return self.sections.get("storage", {})
