"""What a bucket's IAM policy lets one service account do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from realtimekit_provider.errors import StorageNotFoundError, StorageUnreachableError
from realtimekit_provider.schema.normal_forms import normalize_prefix
from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.api import ApiCall, build_bucket_url
from realtimekit_provider.storage.backends.gcs.models import GcsWriter
from realtimekit_provider.storage.backends.gcs.service_account import send_until_known
from realtimekit_provider.storage.backends.gcs.session import GoogleSession

__all__ = ["BucketPolicy"]

_ROLE = "roles/storage.objectCreator"
_ROUNDS = 8
_BAD_REQUEST = 400
_NOT_FOUND = 404
_CHANGED_MEANWHILE = (409, 412)

_Bindings = list[dict[str, Any]]


class BucketPolicy:
    """The part of a bucket's policy that is about one service account."""

    def __init__(self, session: GoogleSession, writer: GcsWriter, email: str) -> None:
        self._session = session
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
        response = self._session.send(self._build_get(), _NOT_FOUND)
        actual = [
            (binding["role"], binding.get("condition", {}).get("expression"))
            for binding in response.data.get("bindings", [])
            if any(map(self._own_member.fullmatch, binding.get("members", [])))
        ]
        return actual == [(_ROLE, self._build_expression())]

    def _change(self, change: Callable[[_Bindings], _Bindings]) -> None:
        """Read, modify, write; the etag makes sure that nobody else's change is lost."""
        for _ in range(_ROUNDS):
            policy = self._session.send(self._build_get()).data
            bindings = change(policy.get("bindings", []))
            if bindings == policy.get("bindings", []):
                return
            if self._put({**policy, "version": 3, "bindings": bindings}):
                return
        raise StorageUnreachableError(
            f"{self._about}: others change its policy all the time. Run again."
        )

    def _put(self, policy: dict[str, Any]) -> bool:
        """Write the policy, and return whether nobody changed it meanwhile."""
        call = ApiCall(
            "PUT",
            build_bucket_url(self._writer.bucket, "/iam"),
            self._about,
            "buckets.setIamPolicy",
            "storage.buckets.setIamPolicy",
            body=policy,
        )
        response = send_until_known(self._session, call, _BAD_REQUEST, *_CHANGED_MEANWHILE)
        if response.status == _BAD_REQUEST:  # the same again, and this time it is an error
            self._session.send(call, *_CHANGED_MEANWHILE)
        return response.status not in _CHANGED_MEANWHILE

    def _build_get(self) -> ApiCall:
        return ApiCall(
            "GET",
            build_bucket_url(self._writer.bucket, "/iam"),
            self._about,
            "buckets.getIamPolicy",
            "storage.buckets.getIamPolicy",
            params={"optionsRequestedPolicyVersion": "3"},
        )

    def _build_binding(self) -> dict[str, Any]:
        binding: dict[str, Any] = {"role": _ROLE, "members": [self._member]}
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
                "members": [m for m in binding["members"] if not self._own_member.fullmatch(m)],
            }
            for binding in bindings
        ]
        return [binding for binding in others if binding["members"]]
