"""Every kind of storage as a user has it: a cloud, an administrator, and what a stack declares."""

from __future__ import annotations

import getpass
import itertools
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from realtimekit_emulator import EmulatorServer, real_uploaders
from realtimekit_emulator.uploads import Uploader
from realtimekit_provider.constants import SECRET_KEYS
from tests.pulumi_cli.project import Project
from tests.scenarios.steps import TIMING
from tools.test_servers.azurite import Azurite
from tools.test_servers.gcs_server import GcsServer
from tools.test_servers.google_iam import Account
from tools.test_servers.moto_server import MotoServer
from tools.test_servers.sftp_server import SftpServer
from tools.test_servers.sshd import OpenSshServer

__all__ = ["PREFIX", "Clouds", "Storage", "StorageProject", "recorded_to"]

PREFIX = "calls/tracks"
_NUMBERS = itertools.count(1)
_OF_THE_USER = ("AWS_", "SPACES_", "GOOGLE_", "GCLOUD_", "CLOUDSDK_", "STORAGE_", "AZURE_")


@dataclass(frozen=True)
class Storage:
    """Storage that a stack can declare.

    Attributes:
        declared: What stands in the stack's config; its credentials are references.
        secrets: The credentials, by the names of the references.
        files: What is there, all of the bucket or folder, by its whole name.
    """

    declared: Mapping[str, Any]
    files: Callable[[], dict[str, bytes]]
    secrets: Mapping[str, str] = field(default_factory=dict)

    @property
    def bucket(self) -> str:
        """The bucket's or container's name; a folder's path."""
        return str(self.declared.get("bucket") or self.declared["path"])

    def but(self, **changed: Any) -> Storage:
        """The same storage, otherwise declared; its credentials are encrypted as well."""
        secrets = {f"{self._reference}{key}": changed.pop(key) for key in SECRET_KEYS & {*changed}}
        references = {key[len(self._reference) :]: {"fromConfig": key} for key in secrets}
        declared = {**self.declared, **changed, **references}
        return Storage(declared, self.files, {**self.secrets, **secrets})

    @property
    def name(self) -> str:
        """A name for the component, which no other test's has."""
        return self.bucket.partition("/")[0]

    @property
    def _reference(self) -> str:
        return "".join(filter(str.isalnum, self.name))


@dataclass(frozen=True)
class Clouds:
    """The running stand-ins; each storage that is asked for has a bucket of its own."""

    moto: MotoServer
    gcs_server: GcsServer
    sftp_server: SftpServer
    azurite: Azurite | None
    openssh: OpenSshServer | None

    def environment(self, folder: Path) -> dict[str, str]:
        """What the administrators' environment holds; key files are written to ``folder``."""
        return {
            **self.moto.environment,
            **self.moto.spaces_environment,
            **self.gcs_server.environment(folder),
            **(self.azurite.environment if self.azurite else {}),
        }

    def uploaders(self) -> Mapping[str, Uploader]:
        """What makes an emulator upload to the stand-ins."""
        return real_uploaders(
            aws_endpoint=self.moto.url,
            spaces_endpoint=self.moto.url,
            gcs_endpoint=self.gcs_server.url,
        )

    def aws(self, **changed: Any) -> Storage:
        """A bucket, whose policy does not stop a stand-in that overlooks its condition."""
        named = {"bucket": _name(), "region": "eu-west-1", "tls_only": False, "prefix": PREFIX}
        declared = {"type": "aws", **named, **changed}
        return Storage(declared, lambda: self._objects(declared["bucket"]))

    def spaces(self, **changed: Any) -> Storage:
        """A Spaces bucket, with a key for it alone."""
        bucket = changed.get("bucket") or _name()
        everything = [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"]
        allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": everything}
        access_key, secret = self.moto.create_user(f"spaces-{bucket}", allowed)
        named = {"bucket": bucket, "region": "SGP1", "prefix": PREFIX}
        declared = {"type": "digitalocean", **named, **changed}
        plain = Storage(declared, lambda: self._objects(bucket))
        return plain.but(access_key=access_key, secret=secret)

    def gcs(self, **changed: Any) -> Storage:
        """A Cloud Storage bucket."""
        named = {"bucket": _name(), "region": "europe-west1", "prefix": PREFIX}
        declared = {"type": "gcs", "project": self.gcs_server.project, **named, **changed}
        return Storage(declared, lambda: self._gcs_objects(declared["bucket"]))

    def azure(self, **changed: Any) -> Storage:
        """A container; only where Azurite is."""
        assert self.azurite is not None
        named = {"account": self.azurite.account, "bucket": _name(), "path": PREFIX}
        declared = {"type": "azure", **named, **changed}
        return Storage(declared, lambda: self._blobs(declared["bucket"]))

    def sftp(self, auth_method: str = "PASSWORD", **changed: Any) -> Storage:
        """A folder, by password or by a key under a passphrase."""
        server = self.sftp_server
        login = {"password": server.password}
        if auth_method == "KEY":
            login = {"password": server.passphrase, "private_key": server.encrypted_private_key}
        named = {"host": server.host, "port": server.port, "host_key": server.host_key}
        declared = {
            "type": "sftp",
            "username": server.username,
            "path": f"{_name()}/{PREFIX}",
            "auth_method": auth_method,
            **named,
            **changed,
        }
        return Storage(declared, lambda: _files(server.root, declared["path"])).but(**login)

    def real_sftp(self, **changed: Any) -> Storage:
        """A folder on the real OpenSSH, by key; only where it is installed."""
        server = self.openssh
        assert server is not None
        declared = {
            "type": "sftp",
            "host": "127.0.0.1",
            "port": server.port,
            "host_key": server.host_key,
            "username": getpass.getuser(),
            "path": f"{_name()}/{PREFIX}",
            "auth_method": "KEY",
            **changed,
        }
        key = str(server.user_key.export_private_key().decode())
        return Storage(declared, lambda: _files(server.root, declared["path"])).but(private_key=key)

    def aws_writers(self, storage: Storage) -> list[str]:
        """The users that a component of the storage's name has in IAM."""
        users = self.moto.client("iam").list_users()["Users"]
        return [one["UserName"] for one in users if one["UserName"].startswith(f"{storage.name}-")]

    def gcs_writers(self, storage: Storage) -> list[Account]:
        """The service accounts of a component of the storage's name."""
        accounts = self.gcs_server.iam.accounts.values()
        return [one for one in accounts if one.email.startswith(f"{storage.name}-")]

    def _objects(self, bucket: str) -> dict[str, bytes]:
        s3 = self.moto.client("s3")
        listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
        names = [one["Key"] for one in listed]
        return {name: s3.get_object(Bucket=bucket, Key=name)["Body"].read() for name in names}

    def _gcs_objects(self, bucket: str) -> dict[str, bytes]:
        stored = self.gcs_server.storage
        names = self.gcs_server.objects(bucket)
        return {name: bytes(stored.get_file(bucket, name)) for name in names}

    def _blobs(self, container: str) -> dict[str, bytes]:
        assert self.azurite is not None
        with self.azurite.client() as client:
            inside = client.get_container_client(container)
            names = list(inside.list_blob_names())
            return {name: inside.download_blob(name).readall() for name in names}


class StorageProject(Project):
    """A project whose environment holds the credentials of every cloud's administrator."""

    clouds: Clouds
    _encrypted: dict[str, str]

    @classmethod
    def of(
        cls, template: Path, folder: Path, emulator: EmulatorServer, clouds: Clouds
    ) -> StorageProject:
        """Copy the template, and let the CLI find the administrators."""
        project = cls.copy_of(template, folder, emulator)
        assert isinstance(project, cls)
        project.clouds, project._encrypted = clouds, {}
        theirs = {
            name: value
            for name, value in project.environment.items()
            if not name.startswith(_OF_THE_USER)
        }
        project.environment = {**theirs, **clouds.environment(folder)}
        return project

    def declare(
        self,
        storage: Mapping[str, Storage],
        recordings: Mapping[str, Mapping[str, Any]],
        *,
        bounds: Mapping[str, float] | None = None,
        **config: Any,
    ) -> None:
        """Write the stack's config, and encrypt the credentials that it does not hold yet."""
        secrets = {
            f"realtimekit:{name}": value
            for one in storage.values()
            for name, value in one.secrets.items()
        }
        stored = yaml.safe_load(self.config_file.read_text(encoding="utf-8"))["config"]
        known = {key: value for key, value in stored.items() if self._knows(key, secrets)}
        self.configure_with(
            {
                "realtimekit:timing": {**TIMING, "key_propagation": 2, **(bounds or {})},
                "realtimekit:storage": {name: one.declared for name, one in storage.items()},
                "realtimekit:recordings": recordings,
                **known,
                **config,
            }
        )
        if new := {name: value for name, value in secrets.items() if name not in known}:
            self.encrypt(**new)
            self._encrypted.update(new)

    def _knows(self, name: str, secrets: Mapping[str, str]) -> bool:
        return name in secrets and self._encrypted.get(name) == secrets[name]

    def resources(self, *flags: str) -> list[dict[str, Any]]:
        """What the state holds; with ``--show-secrets`` in clear."""
        state = json.loads(self.must("stack", "export", *flags))
        resources: list[dict[str, Any]] = state["deployment"].get("resources", [])
        return resources

    def state_of(self, name: str) -> dict[str, Any]:
        """What the state holds of the resource with this name."""
        return next(one for one in self.resources() if one["urn"].rsplit("::")[-1] == name)


def recorded_to(meeting_id: str, *names: str, **inputs: Any) -> dict[str, Any]:
    """A recording of one layer, written to each named storage."""
    outputs = [{"storage": name} for name in names]
    return {"meeting_id": meeting_id, "layers": {"default": {"outputs": outputs}}, **inputs}


def _name() -> str:
    return f"acme-{next(_NUMBERS)}"


def _files(root: Path, folder: str) -> dict[str, bytes]:
    found = (root / folder).rglob("*")
    return {str(one.relative_to(root)): one.read_bytes() for one in found if one.is_file()}
