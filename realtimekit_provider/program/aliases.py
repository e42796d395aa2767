"""Earlier names of what a stack's config declares: under a new name it stays the same resource."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi

from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.schema.input_paths import format_path

__all__ = ["ALIASES", "build_alias_options", "drop_aliases", "validate_aliases"]

ALIASES = "aliases"
"""The field of whatever is declared by name, which is no argument of its resource."""


def drop_aliases(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is declared, without its earlier names."""
    return {key: value for key, value in given.items() if key != ALIASES}


def build_alias_options(given: Mapping[str, Any]) -> pulumi.ResourceOptions | None:
    """Return the options of a resource that had other names, ``None`` where it had none."""
    names = given.get(ALIASES)
    if not names:
        return None
    return pulumi.ResourceOptions(aliases=[pulumi.Alias(name=name) for name in names])


def validate_aliases(section: Mapping[str, Any], key: str) -> Iterator[InputFailure]:
    """Yield what is wrong with the earlier names in a section of a stack's config.

    Args:
        section: What is declared, by name.
        key: The section's key in the config.
    """
    owners: dict[str, str] = {}
    for name, given in section.items():
        aliases = given.get(ALIASES) if isinstance(given, Mapping) else None
        if aliases is None:
            continue
        if not isinstance(aliases, list):
            yield InputFailure(
                format_path((key, name, ALIASES)),
                f"must be a list of the names that it had before: write '{ALIASES}: [NAME]'",
            )
            continue
        for index, alias in enumerate(aliases):
            path = format_path((key, name, ALIASES, index))
            if not isinstance(alias, str) or not alias:
                yield InputFailure(path, "must be a name that it had before")
            elif alias in section:
                yield InputFailure(
                    path, f"is declared in {key}, and an alias must be a name that nothing has"
                )
            elif alias in owners:
                yield InputFailure(
                    path, f"is an alias of '{owners[alias]}' too, and only one can be what it was"
                )
            else:
                owners[alias] = name
