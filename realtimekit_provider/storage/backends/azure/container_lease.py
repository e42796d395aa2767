"""A short lease on a container, which keeps two changes from undoing each other.

Azure has no etag for a container's policies, and no condition on one for its metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from realtimekit_provider.errors import StorageUnreachableError
from realtimekit_provider.storage.backends.azure.client import ADMINISTRATOR_PERMISSION
from realtimekit_provider.storage.backends.azure.errors import get_code, translate_errors
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.retry import wait_until

__all__ = ["hold_lease"]

_LEASE_SECONDS = 15
_LEASE_TIMEOUT = 60.0
_PAUSE_SECONDS = 1.0


@contextmanager
def hold_lease(container: Any, context: ErrorContext) -> Iterator[Any]:
    """Lease a container until the end of the block, and yield the lease for the calls in it.

    Args:
        container: The SDK's client of the container.
        context: Who calls, for error texts.

    Raises:
        StorageUnreachableError: Somebody else has leased it for a minute.
    """
    lease = wait_until(
        lambda acquired: acquired is not None,
        lambda: _try_to_acquire_lease(container, context),
        timeout=_LEASE_TIMEOUT,
        pause=_PAUSE_SECONDS,
        reason="somebody else has leased the container",
    )
    if lease is None:
        raise StorageUnreachableError(
            f"{context.about}: it is leased by somebody else, so that neither its mark nor its "
            "access policies can be changed. Deploy again, or break the lease if nobody needs it."
        )
    try:
        yield lease
    finally:
        # A lease that cannot be given back ends by itself.
        with suppress(import_sdk().exceptions.AzureError):
            lease.release()


def _try_to_acquire_lease(container: Any, context: ErrorContext) -> Any | None:
    with translate_errors(context, "Lease Container", ADMINISTRATOR_PERMISSION):
        try:
            return container.acquire_lease(_LEASE_SECONDS)
        except import_sdk().exceptions.ResourceExistsError as error:
            if get_code(error) != "LeaseAlreadyPresent":
                raise
            return None
