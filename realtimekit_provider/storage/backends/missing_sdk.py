"""What a user is told whose installation lacks the SDK of a kind of storage."""

from __future__ import annotations

from realtimekit_provider.errors import MissingSdkError

__all__ = ["missing_sdk"]


def missing_sdk(kind: str, extra: str) -> MissingSdkError:
    """The error that names the extra to install."""
    return MissingSdkError(
        f"{kind} storage needs an SDK that is not installed: "
        f"pip install 'realtimekit-provider[{extra}]'"
    )
