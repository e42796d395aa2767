"""The stored access policies of a container, each of which is one generation of a writer's key.

Azure only knows them as one list, and has no etag for it: a short lease on the container keeps
two changes from undoing each other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.client import ADMINISTRATOR_PERMISSION
from realtimekit_provider.storage.backends.azure.errors import get_code, translate_errors
from realtimekit_provider.storage.backends.azure.models import AzureWriter
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.retry import wait_until

__all__ = ["StoredPolicies", "build_policy_id"]

_MOST = 5
_RIGHTS = "cw"
_LEASE_SECONDS = 15
_LEASE_TIMEOUT = 60.0
_PAUSE_SECONDS = 1.0

_Policies = dict[str, Any]


def build_policy_id(writer: AzureWriter, generation: int) -> str:
    """Return the id of a generation's policy, which its signature names."""
    return f"rtk-{writer.mark}-g{generation}"


class StoredPolicies:
    """The policies of one container; those of others stay as they are."""

    def __init__(self, container: Any, context: ErrorContext) -> None:
        self._container = container
        self._context = context

    def put(self, policy_id: str, valid_days: int) -> None:
        """Create the policy, or renew its rights and its expiry.

        Raises:
            StorageConflictError: Others have all the policies that Azure allows.
        """
        expiry = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=valid_days)
        policy = import_sdk().blob.AccessPolicy(permission=_RIGHTS, expiry=expiry)

        def add(policies: _Policies) -> _Policies:
            if policy_id not in policies and len(policies) >= _MOST:
                raise StorageConflictError(
                    f"{self._context.about}: it has {_MOST} stored access policies already, which "
                    f"is all that Azure allows ({', '.join(sorted(policies))}). Remove one that "
                    "nobody uses, or give this writer a container of its own."
                )
            return {**policies, policy_id: policy}

        self._change(add)

    def remove(self, policy_id: str) -> None:
        """Remove the policy, which revokes every signature that names it."""
        try:
            self._change(lambda policies: {k: v for k, v in policies.items() if k != policy_id})
        except StorageNotFoundError:
            return

    def has(self, policy_id: str) -> bool:
        """Whether the policy is there, gives the rights it was made with, and has not expired."""
        try:
            policy = self._read()[0].get(policy_id)
        except StorageNotFoundError:
            return False
        if policy is None or set(policy.permission or "") != set(_RIGHTS):
            return False
        return _parse_expiry(policy.expiry) > datetime.now(timezone.utc)

    def block_public_access(self) -> None:
        """Remove public access from the container."""
        with self._lease() as lease:
            self._write(self._read()[0], lease, public_access=None)

    def _change(self, change: Callable[[_Policies], _Policies]) -> None:
        with self._lease() as lease:
            policies, public_access = self._read()
            changed = change(policies)
            if changed != policies:
                self._write(changed, lease, public_access=public_access)

    def _read(self) -> tuple[_Policies, Any]:
        with self._translate_errors("Get Container ACL"):
            acl = self._container.get_container_access_policy()
        policies = {each.id: each.access_policy for each in acl["signed_identifiers"] or []}
        return policies, acl["public_access"]

    def _write(self, policies: _Policies, lease: Any, *, public_access: Any) -> None:
        with self._translate_errors("Set Container ACL"):
            self._container.set_container_access_policy(
                policies, public_access=public_access, lease=lease
            )

    @contextmanager
    def _lease(self) -> Iterator[Any]:
        lease = wait_until(
            lambda acquired: acquired is not None,
            self._try_to_acquire_lease,
            timeout=_LEASE_TIMEOUT,
            pause=_PAUSE_SECONDS,
            reason="somebody else has leased the container",
        )
        if lease is None:
            raise StorageUnreachableError(
                f"{self._context.about}: it is leased by somebody else, so that its access "
                "policies cannot be changed. Deploy again, or break the lease if nobody needs it."
            )
        try:
            yield lease
        finally:
            # A lease that cannot be given back ends by itself.
            with suppress(import_sdk().exceptions.AzureError):
                lease.release()

    def _try_to_acquire_lease(self) -> Any | None:
        with self._translate_errors("Lease Container"):
            try:
                return self._container.acquire_lease(_LEASE_SECONDS)
            except import_sdk().exceptions.ResourceExistsError as error:
                if get_code(error) != "LeaseAlreadyPresent":
                    raise
                return None

    def _translate_errors(self, operation: str) -> Any:
        return translate_errors(self._context, operation, ADMINISTRATOR_PERMISSION)


def _parse_expiry(expiry: Any) -> datetime:
    """Azure's times have seven digits after the point, which Python 3.10 cannot read."""
    if not isinstance(expiry, str):
        return expiry or datetime.max.replace(tzinfo=timezone.utc)
    return datetime.strptime(expiry[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
