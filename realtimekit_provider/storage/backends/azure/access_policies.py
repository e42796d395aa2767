"""The stored access policies of a container, each of which is one generation of a writer's key.

Azure only knows them as one list, and has no etag for it: a short lease on the container keeps
two changes from undoing each other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

from realtimekit_provider.errors import StorageConflictError, StorageNotFoundError
from realtimekit_provider.storage.backends.azure.client import ADMINISTRATOR_PERMISSION
from realtimekit_provider.storage.backends.azure.container_lease import hold_lease
from realtimekit_provider.storage.backends.azure.errors import translate_errors
from realtimekit_provider.storage.backends.azure.models import AzureWriter
from realtimekit_provider.storage.backends.azure.sdk import import_sdk
from realtimekit_provider.storage.backends.errors import ErrorContext

__all__ = ["StoredPolicies", "build_policy_id"]

_MOST = 5
_RIGHTS = "cw"

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
        with hold_lease(self._container, self._context) as lease:
            self._write(self._read()[0], lease, public_access=None)

    def _change(self, change: Callable[[_Policies], _Policies]) -> None:
        with hold_lease(self._container, self._context) as lease:
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

    def _translate_errors(self, operation: str) -> Any:
        return translate_errors(self._context, operation, ADMINISTRATOR_PERMISSION)


def _parse_expiry(expiry: Any) -> datetime:
    """Azure's times have seven digits after the point, which Python 3.10 cannot read."""
    if not isinstance(expiry, str):
        return expiry or datetime.max.replace(tzinfo=timezone.utc)
    return datetime.strptime(expiry[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
