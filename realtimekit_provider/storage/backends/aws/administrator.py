"""Whose credentials buckets and users are made with, for error texts."""

from __future__ import annotations

from realtimekit_provider.storage.backends.errors import ErrorContext

__all__ = ["build_administrator_context"]


def build_administrator_context(about: str, resource: str) -> ErrorContext:
    """Return the error context of a call with the credentials of boto3's own chain.

    Args:
        about: What is administered.
        resource: The ARN that a missing permission has to be granted on.
    """
    return ErrorContext(
        about=about,
        service="AWS",
        credentials="the administrator's credentials",
        remedy="Log in again, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
        resource=resource,
    )
