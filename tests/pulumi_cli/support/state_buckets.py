"""Buckets for the state of stacks, on loopback, whose content a test can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.shared_servers import get_azurite, get_moto
from tools.test_servers.gcs_server import gcs_server

__all__ = ["STATE_BUCKETS", "StateBucket"]


@dataclass(frozen=True)
class StateBucket:
    """A bucket that a CLI with this environment keeps its state in.

    Attributes:
        objects: What it holds, by name; in S3 also what was overwritten and deleted.
    """

    environment: Mapping[str, str]
    objects: Callable[[], Mapping[str, bytes]]


@contextmanager
def _create_s3_bucket(_folder: Path) -> Iterator[StateBucket]:
    server, name = get_moto(), _create_name()
    s3 = server.client("s3")
    s3.create_bucket(Bucket=name)
    enabled = {"Status": "Enabled"}
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration=enabled)
    url = f"s3://{name}?endpoint={server.url}&s3ForcePathStyle=true&region=us-east-1"
    environment = {**server.environment, "PULUMI_BACKEND_URL": url}
    yield StateBucket(environment, lambda: dict(_read_versions(s3, name)))


def _read_versions(s3: Any, name: str) -> Iterator[tuple[str, bytes]]:
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        for one in page.get("Versions", ()):
            key, version = one["Key"], one["VersionId"]
            found = s3.get_object(Bucket=name, Key=key, VersionId=version)
            yield f"{key}@{version}", found["Body"].read()


@contextmanager
def _create_gcs_bucket(folder: Path) -> Iterator[StateBucket]:
    """The engine sends no token to the host that ``STORAGE_EMULATOR_HOST`` names."""
    with gcs_server() as server:
        server.storage.create_bucket("state", {"name": "state"})
        environment = {
            **server.environment(folder),
            "STORAGE_EMULATOR_HOST": f"127.0.0.1:{server.emulator_port}",
            "PULUMI_BACKEND_URL": "gs://state",
        }
        content = server.storage.get_file
        yield StateBucket(
            environment,
            lambda: {name: bytes(content("state", name)) for name in server.objects("state")},
        )


@contextmanager
def _create_azure_container(_folder: Path) -> Iterator[StateBucket]:
    server, name = get_azurite(), _create_name()
    with server.client() as client:
        inside = client.create_container(name)
        where = f"domain=127.0.0.1:{server.port}&protocol=http&localemu=true"
        environment = {
            "AZURE_STORAGE_ACCOUNT": server.account,
            "AZURE_STORAGE_KEY": server.keys[server.account],
            "PULUMI_BACKEND_URL": f"azblob://{name}?{where}",
        }
        names = inside.list_blob_names
        yield StateBucket(
            environment, lambda: {name: inside.download_blob(name).readall() for name in names()}
        )


def _create_name() -> str:
    return f"state-{uuid4().hex[:12]}"


STATE_BUCKETS: Mapping[str, Callable[[Path], AbstractContextManager[StateBucket]]] = {
    "s3": _create_s3_bucket,
    "gs": _create_gcs_bucket,
    "azblob": _create_azure_container,
}
"""By the scheme of their URLs; ``azblob`` needs Azurite."""
