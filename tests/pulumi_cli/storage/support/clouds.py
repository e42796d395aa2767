"""Every kind of storage: its server, its administrator, and what a stack declares."""

from __future__ import annotations

import getpass
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from realtimekit_emulator import real_uploaders
from realtimekit_emulator.uploads import Uploader
from realtimekit_provider.constants import SECRET_KEYS
from tools.test_servers.azurite import Azurite
from tools.test_servers.gcs_server import GcsServer
from tools.test_servers.google_iam import Account
from tools.test_servers.moto_server import MotoServer
from tools.test_servers.sftp_server import SftpServer
from tools.test_servers.sshd import OpenSshServer

__all__ = ["PREFIX", "Clouds", "Storage"]

PREFIX = "calls/tracks"
_NUMBERS = itertools.count(1)


@dataclass(frozen=True)
class Storage:
    """Storage that a stack can declare.

    Attributes:
        declared: The entry in the stack's config; its credentials are references.
        secrets: The credentials, by the names of the references.
        files: Reads all files of the bucket or folder, by their names.
    """

    declared: Mapping[str, Any]
    files: Callable[[], dict[str, bytes]]
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def bucket(self) -> str:
        """The bucket's or container's name; a folder's path."""
        names = (self.declared.get(key) for key in ("bucket", "container", "path"))
        return str(next(filter(None, names)))

    def with_changes(self, **changes: Any) -> Storage:
        """Return the same storage with other settings; credentials among them become references."""
        secrets = {f"{self._reference}{key}": changes.pop(key) for key in SECRET_KEYS & {*changes}}
        references = {key[len(self._reference) :]: {"fromConfig": key} for key in secrets}
        declared = {**self.declared, **changes, **references}
        return Storage(declared, self.files, {**self.secrets, **secrets})

    @property
    def name(self) -> str:
        """A name for the component that no other test uses."""
        return self.bucket.partition("/")[0]

    @property
    def _reference(self) -> str:
        return "".join(filter(str.isalnum, self.name))


@dataclass(frozen=True)
class Clouds:
    """The running test servers; each storage that is declared has its own bucket."""

    moto: MotoServer
    gcs_server: GcsServer
    sftp_server: SftpServer
    azurite: Azurite | None
    openssh: OpenSshServer | None

    def build_environment(self, folder: Path) -> dict[str, str]:
        """Return the administrators' environment variables; key files go to ``folder``."""
        return {
            **self.moto.environment,
            **self.moto.spaces_environment,
            **self.gcs_server.environment(folder),
            **(self.azurite.environment if self.azurite else {}),
        }

    def create_uploaders(self) -> Mapping[str, Uploader]:
        """Return uploaders that write to the test servers."""
        return real_uploaders(
            aws_endpoint=self.moto.url,
            spaces_endpoint=self.moto.url,
            gcs_endpoint=self.gcs_server.url,
        )

    def declare_aws(self, **changes: Any) -> Storage:
        """Declare a bucket without the TLS policy, whose condition moto ignores."""
        location = {
            "bucket": _create_name(),
            "region": "eu-west-1",
            "tls_only": False,
            "prefix": PREFIX,
        }
        declared = {"type": "aws", **location, **changes}
        return Storage(declared, lambda: self._read_s3_objects(declared["bucket"]))

    def declare_spaces(self, **changes: Any) -> Storage:
        """Declare a Spaces bucket, with a key for it alone."""
        bucket = changes.get("bucket") or _create_name()
        everything = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
        allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": everything}
        access_key, secret = self.moto.create_user(f"spaces-{bucket}", allowed)
        location = {"bucket": bucket, "region": "SGP1", "prefix": PREFIX}
        declared = {"type": "digitalocean", **location, **changes}
        plain = Storage(declared, lambda: self._read_s3_objects(bucket))
        return plain.with_changes(access_key=access_key, secret=secret)

    def declare_gcs(self, **changes: Any) -> Storage:
        """Declare a Cloud Storage bucket."""
        location = {"bucket": _create_name(), "region": "europe-west1", "prefix": PREFIX}
        declared = {"type": "gcs", "project": self.gcs_server.project, **location, **changes}
        return Storage(declared, lambda: self._read_gcs_objects(declared["bucket"]))

    def declare_azure(self, **changes: Any) -> Storage:
        """Declare a container; needs Azurite."""
        assert self.azurite is not None
        location = {"account": self.azurite.account, "container": _create_name(), "prefix": PREFIX}
        declared = {"type": "azure", **location, **changes}
        return Storage(declared, lambda: self._read_blobs(declared["container"]))

    def declare_sftp(self, auth_method: str = "PASSWORD", **changes: Any) -> Storage:
        """Declare a folder, by password or by a key under a passphrase."""
        server = self.sftp_server
        login = {"password": server.password}
        if auth_method == "KEY":
            login = {"password": server.passphrase, "private_key": server.encrypted_private_key}
        location = {"host": server.host, "port": server.port, "host_key": server.host_key}
        declared = {
            "type": "sftp",
            "username": server.username,
            "path": f"{_create_name()}/{PREFIX}",
            "auth_method": auth_method,
            **location,
            **changes,
        }
        return Storage(declared, lambda: _read_files(server.root, declared["path"])).with_changes(
            **login
        )

    def declare_openssh(self, **changes: Any) -> Storage:
        """Declare a folder on the real OpenSSH, by key; needs OpenSSH."""
        server = self.openssh
        assert server is not None
        declared = {
            "type": "sftp",
            "host": "127.0.0.1",
            "port": server.port,
            "host_key": server.host_key,
            "username": getpass.getuser(),
            "path": f"{_create_name()}/{PREFIX}",
            "auth_method": "KEY",
            **changes,
        }
        key = str(server.user_key.export_private_key().decode())
        return Storage(declared, lambda: _read_files(server.root, declared["path"])).with_changes(
            private_key=key
        )

    def list_aws_writers(self, storage: Storage) -> list[str]:
        """Return the users that the component of this storage has in IAM."""
        users = self.moto.client("iam").list_users()["Users"]
        return [one["UserName"] for one in users if one["UserName"].startswith(f"{storage.name}-")]

    def list_gcs_writers(self, storage: Storage) -> list[Account]:
        """Return the service accounts of the component of this storage."""
        accounts = self.gcs_server.iam.accounts.values()
        return [one for one in accounts if one.email.startswith(f"{storage.name}-")]

    def _read_s3_objects(self, bucket: str) -> dict[str, bytes]:
        s3 = self.moto.client("s3")
        listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        names = [one["Key"] for one in listed]
        return {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}

    def _read_gcs_objects(self, bucket: str) -> dict[str, bytes]:
        stored = self.gcs_server.storage
        names = self.gcs_server.objects(bucket)
        return {name: bytes(stored.get_file(bucket, name)) for name in names}

    def _read_blobs(self, container: str) -> dict[str, bytes]:
        assert self.azurite is not None
        with self.azurite.client() as client:
            container_client = client.get_container_client(container)
            names = list(container_client.list_blob_names())
            return {name: container_client.download_blob(name).readall() for name in names}


def _create_name() -> str:
    return f"acme-{next(_NUMBERS)}"


def _read_files(root: Path, folder: str) -> dict[str, bytes]:
    files = (file for file in (root / folder).rglob("*") if file.is_file())
    return {str(file.relative_to(root)): file.read_bytes() for file in files}
