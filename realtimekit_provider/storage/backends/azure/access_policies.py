"""The stored access policies of a container, each of which is one generation of a writer's key.

Azure only knows them as one list, and has no etag for it: a short lease on the container keeps
two changes from undoing each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from typing import Any

from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.azure.models import AzureWriter
from realtimekit_provider.storage.backends.azure.session import azure, code_of, explained

__all__ = ["StoredPolicies", "policy_id"]

_MOST = 5
_RIGHTS = "cw"
_LEASE_SECONDS = 15
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 1.0

_Policies = dict[str, Any]


def policy_id(writer: AzureWriter, generation: int) -> str:
    return f"rtk-{writer.mark}-g{generation}"


class StoredPolicies:
    """The policies of one container; those of others are carried along untouched."""

    def __init__(self, container: Any, told: str) -> None:
        self._container = container
        self._told = told

    def put(self, name: str, valid_days: int) -> None:
        """Make the policy, or renew its rights and its expiry."""
        expiry = datetime.now(timezone.utc).replace(microsecond=0) + timedelta(days=valid_days)
        policy = azure().blob.AccessPolicy(permission=_RIGHTS, expiry=expiry)

        def added(policies: _Policies) -> _Policies:
            if name not in policies and len(policies) >= _MOST:
                raise StorageCredentialError(
                    f"{self._told} has {_MOST} stored access policies already, which is all that "
                    f"Azure allows ({', '.join(sorted(policies))}): remove one that nobody uses, "
                    "or give this writer a container of its own"
                )
            return {**policies, name: policy}

        self._change(added)

    def remove(self, name: str) -> None:
        """Remove the policy, which revokes every signature that names it."""
        try:
            self._change(lambda policies: {k: v for k, v in policies.items() if k != name})
        except StorageNotFoundError:
            return

    def holds(self, name: str) -> bool:
        """Whether the policy is there, gives the rights it was made with, and has not expired."""
        try:
            policy = self._found()[0].get(name)
        except StorageNotFoundError:
            return False
        if policy is None or set(policy.permission or "") != set(_RIGHTS):
            return False
        return _moment(policy.expiry) > datetime.now(timezone.utc)

    def close(self) -> None:
        """Take public access away from the container."""
        with self._lease() as lease:
            self._write(self._found()[0], lease, public_access=None)

    def _change(self, change: Callable[[_Policies], _Policies]) -> None:
        with self._lease() as lease:
            policies, public_access = self._found()
            changed = change(policies)
            if changed != policies:
                self._write(changed, lease, public_access=public_access)

    def _found(self) -> tuple[_Policies, Any]:
        with self._doing("read the access policies of"):
            found = self._container.get_container_access_policy()
        policies = {each.id: each.access_policy for each in found["signed_identifiers"] or []}
        return policies, found["public_access"]

    def _write(self, policies: _Policies, lease: Any, *, public_access: Any) -> None:
        with self._doing("change the access policies of"):
            self._container.set_container_access_policy(
                policies, public_access=public_access, lease=lease
            )

    @contextmanager
    def _lease(self) -> Iterator[Any]:
        lease = self._acquired()
        try:
            yield lease
        finally:
            # A lease that cannot be given back ends by itself.
            with suppress(azure().core.AzureError):
                lease.release()

    def _acquired(self) -> Any:
        core = azure().core
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            with self._doing("lease"):
                try:
                    return self._container.acquire_lease(_LEASE_SECONDS)
                except core.ResourceExistsError as problem:
                    if code_of(problem) != "LeaseAlreadyPresent":
                        raise
            if time.monotonic() > deadline:
                raise StorageUnreachableError(
                    f"{self._told} is leased by somebody else, so that its access policies cannot "
                    "be changed: try again, or break the lease if nobody needs it"
                )
            time.sleep(_PAUSE_SECONDS)

    def _doing(self, verb: str) -> Any:
        needs = "the account's key"
        return explained("the administrator's credentials", f"{verb} {self._told}", needs)


def _moment(expiry: Any) -> datetime:
    """Azure's moments have seven digits after the point, which Python 3.10 cannot read."""
    if not isinstance(expiry, str):
        return expiry or datetime.max.replace(tzinfo=timezone.utc)
    return datetime.strptime(expiry[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)
