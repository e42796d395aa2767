"""Whether the SDK of a storage type is installed, told before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterator

from realtimekit_provider.schema.input_failures import InputFailure
from realtimekit_provider.storage.backends.errors import describe_install
from realtimekit_provider.storage.backends.registry import find_missing_extra

__all__ = ["validate_extra"]


def validate_extra(storage_type: object) -> Iterator[InputFailure]:
    """Yield a failure where storage of this type needs an SDK that is not installed."""
    extra = find_missing_extra(storage_type)
    if extra is not None:
        yield InputFailure(
            "type",
            f"is '{storage_type}', which needs an SDK that is not installed. "
            f"{describe_install(extra)}",
        )
