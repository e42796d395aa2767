"""Service accounts that can create objects below a prefix of one bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager

from typing_extensions import override

from realtimekit_provider.storage.backends.errors import describe
from realtimekit_provider.storage.backends.gcs.bucket_policy import BucketPolicy
from realtimekit_provider.storage.backends.gcs.credentials import find_administrator
from realtimekit_provider.storage.backends.gcs.models import GcsWriter
from realtimekit_provider.storage.backends.gcs.service_account import ServiceAccount
from realtimekit_provider.storage.backends.gcs.session import GoogleSession
from realtimekit_provider.storage.backends.gcs.storage_client import StorageClient
from realtimekit_provider.storage.backends.ports import Credential, WriterBackend, WriterClient

__all__ = ["GcsWriterBackend"]


class GcsWriterBackend(WriterBackend[GcsWriter]):
    """A service account for each generation, with one key and one binding on the bucket."""

    @override
    @contextmanager
    def connect(self, writer: GcsWriter, generation: int) -> Iterator[GcsWriterClient]:
        """Open a client of the service account of a generation."""
        about = describe("bucket", writer.bucket, "gcs", f"project {writer.project}")
        administrator = find_administrator(about, writer.project)
        with (
            closing(GoogleSession(administrator)) as session,
            closing(StorageClient(administrator)) as client,
        ):
            account = ServiceAccount(session, writer, generation)
            yield GcsWriterClient(account, BucketPolicy(client, writer, account.email))


class GcsWriterClient(WriterClient):
    """One service account, and what the bucket's policy says of it."""

    mark_field = "description"

    def __init__(self, account: ServiceAccount, policy: BucketPolicy) -> None:
        self._account = account
        self._policy = policy
        self.about = account.about
        self.mark = account.description

    @override
    def create(self) -> bool:
        is_new = self._account.create()
        if is_new:
            self._policy.grant()
        return is_new

    @override
    def read_mark(self) -> str | None:
        found = self._account.find()
        return None if found is None else str(found.get("description", ""))

    @override
    def build_mark_command(self) -> str:
        return self._account.build_description_command()

    @override
    def create_credential(self) -> Credential:
        self._account.delete_keys()
        return {"secret": self._account.create_key()}

    @override
    def is_in_sync(self, credential: Credential) -> bool:
        found = self._account.find()
        if found is None or found.get("disabled"):
            return False
        key_id = json.loads(credential["secret"]).get("private_key_id", "")
        return self._account.has_key(key_id) and self._policy.is_granted()

    @override
    def restore(self) -> None:
        self._account.enable()
        self._policy.grant()

    @override
    def delete(self) -> None:
        self._policy.revoke()
        self._account.delete()
