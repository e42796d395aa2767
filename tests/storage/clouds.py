"""One cloud after another as its own tools see it: what is declared, and what others do there."""

from __future__ import annotations

import json
import shlex
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from realtimekit_provider.storage.backends.aws.models import AwsLocation
from realtimekit_provider.storage.backends.azure.models import AzureLocation
from realtimekit_provider.storage.backends.base_models import LocationModel
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.sftp.models import SftpLocation
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from tests.storage.backends.aws.aws_setup import settings_of
from tools.test_servers.gcs_server import PROJECT, GcsServer
from tools.test_servers.sftp_server import SftpServer

__all__ = ["Aws", "Azure", "Cloud", "Gcs", "Sftp", "Spaces"]

FILE = "tracks/kept.webm"


class Cloud(ABC):
    """The one location that a test is about.

    Attributes:
        storage_type: Its type.
        marks_at_creation: Whether the cloud marks it in the call that creates it.
    """

    storage_type: ClassVar[str]
    marks_at_creation: ClassVar[bool] = True

    def __init__(self) -> None:
        self.name = f"acme-{uuid4().hex[:12]}"

    @abstractmethod
    def declare(self, **changed: Any) -> LocationModel:
        """Return the location as a stack declares it."""

    @abstractmethod
    def create(self) -> None:
        """Create it as somebody does by hand: empty, without any mark."""

    @abstractmethod
    def put_file(self) -> None:
        """Put a file in it."""

    @abstractmethod
    def describe(self) -> Any:
        """Return everything that can be seen of it: settings, marks and files."""

    @abstractmethod
    def set_something(self) -> None:
        """Give it a setting of the kind that a mark is."""

    @abstractmethod
    def run_command(self, command: str) -> None:
        """Do what a command that an error text shows does."""


class Aws(Cloud):
    storage_type = "aws"
    marks_at_creation = False

    def __init__(self, admin: Any) -> None:
        super().__init__()
        self._s3 = admin

    def declare(self, **changed: Any) -> LocationModel:
        named = {"bucket": self.name, "region": "eu-west-1", "tls_only": False}
        return AwsLocation(**{**named, **changed})

    def create(self) -> None:
        where = {"LocationConstraint": "eu-west-1"}
        self._s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=where)

    def put_file(self) -> None:
        self._s3.put_object(Bucket=self.name, Key=FILE, Body=b"kept")

    def describe(self) -> Any:
        found = self._s3.list_object_versions(Bucket=self.name).get("Versions", [])
        files = [(one["Key"], one["ETag"]) for one in found]
        return files, settings_of(self._s3, self.name)

    def set_something(self) -> None:
        tagging = {"TagSet": [{"Key": "team", "Value": 'it\'s "ours"'}]}
        self._s3.put_bucket_tagging(Bucket=self.name, Tagging=tagging)

    def run_command(self, command: str) -> None:
        options = _parse_options(command, "aws s3api put-bucket-tagging")
        assert options["region"] == "eu-west-1"
        tagging = json.loads(options["tagging"])
        self._s3.put_bucket_tagging(Bucket=options["bucket"], Tagging=tagging)


class Spaces(Aws):
    storage_type = "digitalocean"

    def declare(self, **changed: Any) -> LocationModel:
        return SpacesLocation(**{"bucket": self.name, "region": "SGP1", **changed})

    def set_something(self) -> None:
        rule = {"ID": "tidy", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}}
        rules = [{**rule, "Expiration": {"Days": 9}}]
        self._put_rules({"Rules": rules})

    def run_command(self, command: str) -> None:
        options = _parse_options(command, "aws s3api put-bucket-lifecycle-configuration")
        assert options["endpoint-url"].startswith("http")
        assert options["bucket"] == self.name
        self._put_rules(json.loads(options["lifecycle-configuration"]))

    def _put_rules(self, rules: Any) -> None:
        self._s3.put_bucket_lifecycle_configuration(Bucket=self.name, LifecycleConfiguration=rules)


class Azure(Cloud):
    storage_type = "azure"

    def __init__(self, admin: Any) -> None:
        super().__init__()
        self._container = admin.get_container_client(self.name)

    def declare(self, **changed: Any) -> LocationModel:
        named = {"account": "acmerecordings", "container": self.name}
        return AzureLocation(**{**named, **changed})

    def create(self) -> None:
        self._container.create_container(public_access="container")

    def put_file(self) -> None:
        self._container.upload_blob(FILE, b"kept")

    def describe(self) -> Any:
        found = self._container.get_container_properties()
        blobs = [(blob.name, blob.etag) for blob in self._container.list_blobs()]
        return blobs, found.metadata, found.public_access, found.etag

    def set_something(self) -> None:
        self._container.set_container_metadata({"team": "it's ours"})

    def run_command(self, command: str) -> None:
        options = _parse_options(command, "az storage container metadata update")
        assert options["account-name"] == "acmerecordings"
        assert options["name"] == self.name
        words = shlex.split(command)
        pairs = [one.split("=", 1) for one in words[words.index("--metadata") + 1 :]]
        self._container.set_container_metadata(dict(pairs))


class Gcs(Cloud):
    storage_type = "gcs"

    def __init__(self, server: GcsServer) -> None:
        super().__init__()
        self._server = server

    def declare(self, **changed: Any) -> LocationModel:
        return GcsLocation(**{"bucket": self.name, "region": "eu", "project": PROJECT, **changed})

    def create(self) -> None:
        body = json.dumps({"name": self.name, "location": "EU"}).encode()
        kind = {"Content-Type": "application/json"}
        assert self._server.forward("POST", "/storage/v1/b", body, kind)[0] == 200
        self._server.bucket(self.name)["location"] = "EU"

    def put_file(self) -> None:
        self._server.put(self.name, FILE)

    def describe(self) -> Any:
        return self._server.objects(self.name), json.dumps(self._server.bucket(self.name))

    def set_something(self) -> None:
        self._server.bucket(self.name).setdefault("labels", {})["team"] = "ours"

    def run_command(self, command: str) -> None:
        begin = f"gcloud storage buckets update gs://{self.name} --update-labels="
        assert command.startswith(begin)
        key, _, value = command.removeprefix(begin).partition("=")
        self._server.bucket(self.name).setdefault("labels", {})[key] = value


class Sftp(Cloud):
    storage_type = "sftp"

    def __init__(self, server: SftpServer) -> None:
        super().__init__()
        self._server = server

    @property
    def _folder(self) -> Path:
        return self._server.root / self.name

    def declare(self, **changed: Any) -> LocationModel:
        config = self._server.as_config(self.name)
        del config["type"]
        return SftpLocation(**{**config, "host_key": self._server.host_key, **changed})

    def create(self) -> None:
        self._folder.mkdir()

    def put_file(self) -> None:
        (self._folder / "kept.webm").write_bytes(b"kept")

    def describe(self) -> Any:
        return {path.name: path.read_bytes() for path in self._folder.iterdir()}

    def set_something(self) -> None:
        raise NotImplementedError

    def run_command(self, command: str) -> None:
        raise NotImplementedError(command)


def _parse_options(command: str, begin: str) -> dict[str, str]:
    assert command.startswith(f"{begin} ")
    words = shlex.split(command)
    return {
        word.removeprefix("--"): value
        for word, value in zip(words, [*words[1:], ""], strict=True)
        if word.startswith("--")
    }
