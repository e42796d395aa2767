"""What a bucket's IAM policy lets one service account do."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from typing import Any

from realtimekit_provider.errors import StorageNotFoundError, StorageUnreachableError
from realtimekit_provider.schema.normal_forms import normalize_prefix
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.api import ApiResponse, Operation
from realtimekit_provider.storage.backends.gcs.models import GcsWriter
from realtimekit_provider.storage.backends.gcs.service_account import call_until_known
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.retry import wait_until

__all__ = ["BucketPolicy"]

_ROLE = "roles/storage.objectCreator"
_CHANGE_TIMEOUT = 60.0
_PAUSE_SECONDS = 1.0
_VERSION_WITH_CONDITIONS = 3
_BAD_REQUEST = 400
_CHANGED_MEANWHILE = (409, 412)

_SET_POLICY = Operation("buckets.setIamPolicy", "storage.buckets.setIamPolicy")

_Bindings = list[dict[str, Any]]

# The writers of one deployment take turns: of those that write at once, only one gets through.
_LOCKS: dict[str, threading.Lock] = {}


class BucketPolicy:
    """The part of a bucket's policy that is about one service account."""

    def __init__(self, client: StorageClient, writer: GcsWriter, email: str) -> None:
        self._client = client
        self._writer = writer
        self._about = describe("bucket", writer.bucket, "gcs", f"project {writer.project}")
        self._member = f"serviceAccount:{email}"
        self._own_member = re.compile(rf"(deleted:)?{re.escape(self._member)}(\?uid=.*)?")

    def grant(self) -> None:
        """Let the account create objects below the prefix, and do nothing else."""
        self._change(lambda bindings: [*self._remove_own(bindings), self._build_binding()])

    def revoke(self) -> None:
        """Remove every right on the bucket; a bucket that is gone gives no rights."""
        try:
            self._change(self._remove_own)
        except StorageNotFoundError:
            return

    def is_granted(self) -> bool:
        """Whether the account may do what :meth:`grant` allows, and nothing more."""
        try:
            policy = self._get()
        except StorageNotFoundError:
            return False
        actual = [
            (binding["role"], binding.get("condition", {}).get("expression"))
            for binding in policy.bindings
            if any(map(self._own_member.fullmatch, binding["members"]))
        ]
        return actual == [(_ROLE, self._build_expression())]

    def _change(self, change: Callable[[_Bindings], _Bindings]) -> None:
        """Read, modify, write; the etag makes sure that nobody else's change is lost."""
        with _LOCKS.setdefault(self._writer.bucket, threading.Lock()):
            is_changed = wait_until(
                bool,
                lambda: self._try_to_change(change),
                timeout=_CHANGE_TIMEOUT,
                pause=_PAUSE_SECONDS,
                reason="others are changing the bucket's policy",
            )
        if not is_changed:
            raise StorageUnreachableError(
                f"{self._about}: others changed its policy for {_CHANGE_TIMEOUT:.0f} s. Deploy "
                "again."
            )

    def _try_to_change(self, change: Callable[[_Bindings], _Bindings]) -> bool:
        policy = self._get()
        bindings = change(policy.bindings)
        if bindings == policy.bindings:
            return True
        policy.bindings = bindings
        policy.version = _VERSION_WITH_CONDITIONS
        return self._set(policy)

    def _get(self) -> Any:
        return self._client.call(
            Operation("buckets.getIamPolicy", "storage.buckets.getIamPolicy"),
            lambda client: client.bucket(self._writer.bucket).get_iam_policy(
                requested_policy_version=_VERSION_WITH_CONDITIONS, retry=None
            ),
        )

    def _set(self, policy: Any) -> bool:
        """Write the policy, and return whether nobody changed it meanwhile."""

        def send(client: Any) -> Any:
            return client.bucket(self._writer.bucket).set_iam_policy(policy, retry=None)

        answer = call_until_known(
            lambda: self._client.try_call(_SET_POLICY, send, _BAD_REQUEST, *_CHANGED_MEANWHILE)
        )
        if isinstance(answer, ApiResponse) and answer.status == _BAD_REQUEST:
            # The same again, and this time it is an error.
            answer = self._client.try_call(_SET_POLICY, send, *_CHANGED_MEANWHILE)
        return not isinstance(answer, ApiResponse)

    def _build_binding(self) -> dict[str, Any]:
        binding: dict[str, Any] = {"role": _ROLE, "members": {self._member}}
        if expression := self._build_expression():
            title = f"realtimekit-{self._writer.mark}"
            binding["condition"] = {"title": title, "expression": expression}
        return binding

    def _build_expression(self) -> str | None:
        prefix = normalize_prefix(self._writer.prefix)
        if not prefix:
            return None
        below = f"projects/_/buckets/{self._writer.bucket}/objects/{prefix}/"
        escaped = below.replace('"', '\\"')
        return f'resource.name.startsWith("{escaped}")'

    def _remove_own(self, bindings: _Bindings) -> _Bindings:
        others = [
            {
                **binding,
                "members": {m for m in binding["members"] if not self._own_member.fullmatch(m)},
            }
            for binding in bindings
        ]
        return [binding for binding in others if binding["members"]]
