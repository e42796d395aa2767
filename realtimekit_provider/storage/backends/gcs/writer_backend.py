"""Service accounts that can create objects below a prefix of one bucket."""

from __future__ import annotations

import json

from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.bucket_policy import BucketPolicy
from realtimekit_provider.storage.backends.gcs.credentials import find_administrator
from realtimekit_provider.storage.backends.gcs.models import GcsWriter
from realtimekit_provider.storage.backends.gcs.service_account import ServiceAccount
from realtimekit_provider.storage.backends.gcs.session import GoogleSession
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.ports import Credential

__all__ = ["GcsWriterBackend"]


class GcsWriterBackend:
    """A service account for each generation, with one key and one binding on the bucket."""

    def create(self, writer: GcsWriter, generation: int) -> Credential:
        account, policy = _connect(writer, generation)
        account.create()
        policy.grant()
        account.delete_keys()
        return {"secret": account.create_key()}

    def is_in_sync(self, writer: GcsWriter, generation: int, credential: Credential) -> bool:
        account, policy = _connect(writer, generation)
        state = account.find()
        if state is None or state.get("disabled") or not account.is_own(state):
            return False
        key_id = json.loads(credential["secret"]).get("private_key_id", "")
        return account.has_key(key_id) and policy.is_granted()

    def restore(self, writer: GcsWriter, generation: int) -> None:
        account, policy = _connect(writer, generation)
        account.enable()
        policy.grant()

    def delete(self, writer: GcsWriter, generation: int) -> None:
        account, policy = _connect(writer, generation)
        account.require_removable()
        policy.revoke()
        account.delete()


def _connect(writer: GcsWriter, generation: int) -> tuple[ServiceAccount, BucketPolicy]:
    about = describe("bucket", writer.bucket, "gcs", f"project {writer.project}")
    administrator = find_administrator(about, writer.project)
    account = ServiceAccount(GoogleSession(administrator), writer, generation)
    return account, BucketPolicy(StorageClient(administrator), writer, account.email)
