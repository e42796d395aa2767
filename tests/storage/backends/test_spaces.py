"""Spaces buckets and the proof of a Spaces key, as far as a stand-in of S3 goes."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from uuid import uuid4

import pytest

from realtimekit_provider.api.models.storage_config import (
    AwsStorageConfig,
    DigitalOceanStorageConfig,
)
from realtimekit_provider.errors import (
    MissingSdkError,
    StorageConflictError,
    StorageCredentialError,
    StorageError,
    StorageNotEmptyError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.spaces.client import create_spaces_client
from realtimekit_provider.storage.backends.spaces.location_backend import SpacesLocationBackend
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from realtimekit_provider.storage.backends.spaces.write_probe import SpacesWriteProbe
from tests.storage.backends.aws_setup import CANARY, assert_no_secret_in
from tools.test_servers.moto_server import MotoServer

REGION = "SGP1"


@pytest.fixture(autouse=True)
def _as_administrator(moto: MotoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's own variables lead nowhere: Spaces does not look at them."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIANOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    for name, value in moto.spaces_environment.items():
        monkeypatch.setenv(name, value)


def declared(**changed: Any) -> SpacesLocation:
    return SpacesLocation(
        **{"bucket": f"recordings-{uuid4().hex[:12]}", "region": REGION, **changed}
    )


@pytest.fixture
def location() -> SpacesLocation:
    """A bucket that is there."""
    location = declared(retention_days=30)
    SpacesLocationBackend().create(location)
    return location


def with_on_delete(location: SpacesLocation, on_delete: str) -> SpacesLocation:
    return SpacesLocation(**{**location.model_dump(), "on_delete": on_delete})


@pytest.fixture
def credential(moto: MotoServer, location: SpacesLocation) -> Mapping[str, str]:
    """A key that may read, write and delete in this bucket alone."""
    everything = [f"arn:aws:s3:::{location.bucket}", f"arn:aws:s3:::{location.bucket}/*"]
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": everything}
    key, secret = moto.create_user(f"spaces-{uuid4().hex[:8]}", allowed)
    return {"access_key": key, "secret": secret}


def config_of(
    location: SpacesLocation, credential: Mapping[str, str], **changed: Any
) -> DigitalOceanStorageConfig:
    named = {"type": "digitalocean", "bucket": location.bucket, "region": REGION, "path": "calls"}
    return DigitalOceanStorageConfig(**{**named, **credential, **changed})


def test_a_bucket_lives_from_create_to_delete() -> None:
    location, backend = declared(retention_days=30), SpacesLocationBackend()
    assert backend.read(location) is None
    backend.create(location)
    backend.create(location)
    assert backend.read(location) == location
    assert backend.delete(location) == "deleted"
    assert backend.delete(location) == "deleted"
    assert backend.read(location) is None


def test_a_bucket_is_private_and_has_a_life_cycle(admin: Any, location: SpacesLocation) -> None:
    grants = admin.get_bucket_acl(Bucket=location.bucket)["Grants"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    rules = admin.get_bucket_lifecycle_configuration(Bucket=location.bucket)["Rules"]
    assert [(rule["ID"], rule["Status"]) for rule in rules] == [
        ("realtimekit-retention", "Enabled"),
        ("realtimekit-unfinished-uploads", "Enabled"),
    ]
    assert rules[0]["Expiration"] == {"Days": 30}
    assert "NoncurrentVersionExpiration" not in rules[0]


@pytest.mark.parametrize(
    "changed",
    [
        {"retention_days": 7},
        {"retention_days": None},
        {"retention_days": None, "abort_uploads_days": None},
        {"abort_uploads_days": 1},
    ],
)
def test_a_declaration_that_changes_is_an_update(
    location: SpacesLocation, changed: dict[str, Any]
) -> None:
    now = SpacesLocation(**{**location.model_dump(), **changed})
    SpacesLocationBackend().update(now)
    assert SpacesLocationBackend().read(now) == now


def _open_by_acl(s3: Any, bucket: str) -> None:
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read")


def _open_to_every_account(s3: Any, bucket: str) -> None:
    s3.put_bucket_acl(Bucket=bucket, ACL="authenticated-read")


def _open_by_policy(s3: Any, bucket: str) -> None:
    opening = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    statement = {**opening, "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))


def _keep_forever(s3: Any, bucket: str) -> None:
    s3.delete_bucket_lifecycle(Bucket=bucket)


@pytest.mark.parametrize(
    ("somebody", "shown"),
    [
        (_open_by_acl, {"public_access": "open"}),
        (_open_to_every_account, {"public_access": "open"}),
        (_open_by_policy, {"public_access": "open"}),
        (_keep_forever, {"retention_days": None, "abort_uploads_days": None}),
    ],
)
def test_a_change_by_somebody_else_is_shown_and_undone(
    admin: Any,
    location: SpacesLocation,
    somebody: Callable[[Any, str], None],
    shown: dict[str, Any],
) -> None:
    backend = SpacesLocationBackend()
    somebody(admin, location.bucket)
    assert backend.read(location) == location.model_copy(update=shown)
    backend.update(location)
    assert backend.read(location) == location


def test_an_existing_bucket_is_used_and_never_touched(admin: Any) -> None:
    location, backend = (
        declared(existing=True, on_delete="force", retention_days=1),
        SpacesLocationBackend(),
    )
    admin.create_bucket(Bucket=location.bucket, ACL="public-read")
    admin.put_object(Bucket=location.bucket, Key="theirs", Body=b"1")
    before = admin.get_bucket_acl(Bucket=location.bucket)["Grants"]
    backend.create(location)
    backend.update(location)
    assert backend.read(location) == location
    assert backend.delete(location) == "kept"
    assert admin.get_bucket_acl(Bucket=location.bucket)["Grants"] == before
    assert admin.get_object(Bucket=location.bucket, Key="theirs")["Body"].read() == b"1"


def test_an_existing_bucket_must_exist() -> None:
    location = declared(existing=True)
    with pytest.raises(
        StorageNotFoundError, match=f"{location.bucket} .digitalocean, SGP1.: it does not"
    ):
        SpacesLocationBackend().create(location)
    assert SpacesLocationBackend().read(location) is None


def test_somebodys_bucket_with_objects_is_not_taken_over(admin: Any) -> None:
    location = declared()
    admin.create_bucket(Bucket=location.bucket, ACL="public-read")
    admin.put_object(Bucket=location.bucket, Key="theirs", Body=b"1")
    with pytest.raises(StorageConflictError, match=r"exists already and holds objects.*existing"):
        SpacesLocationBackend().create(location)


@pytest.mark.parametrize(
    ("on_delete", "becomes"), [("keep", "kept"), ("fail", None), ("force", "deleted")]
)
def test_objects_are_kept_or_deleted_as_declared(
    admin: Any, location: SpacesLocation, on_delete: str, becomes: str | None
) -> None:
    admin.put_object(Bucket=location.bucket, Key="calls/a.webm", Body=b"1")
    admin.create_multipart_upload(Bucket=location.bucket, Key="calls/b.webm")
    if becomes is None:
        with pytest.raises(StorageNotEmptyError, match=f"{location.bucket} .*holds objects"):
            SpacesLocationBackend().delete(with_on_delete(location, on_delete))
    else:
        assert SpacesLocationBackend().delete(with_on_delete(location, on_delete)) == becomes
    assert (SpacesLocationBackend().read(location) is None) == (becomes == "deleted")


METHODS = ["create", "read", "update", "delete"]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["SPACES_ACCESS_KEY_ID", "SPACES_SECRET_ACCESS_KEY"])
def test_without_a_key_it_says_where_it_comes_from(
    monkeypatch: pytest.MonkeyPatch, method: str, name: str
) -> None:
    monkeypatch.delenv(name)
    location = declared()
    with pytest.raises(
        StorageCredentialError, match=f"{location.bucket}.*Set SPACES_ACCESS_KEY_ID and"
    ):
        getattr(SpacesLocationBackend(), method)(location)


@pytest.mark.parametrize("method", METHODS)
def test_a_wrong_key_is_refused_without_quoting_it(
    monkeypatch: pytest.MonkeyPatch, location: SpacesLocation, method: str
) -> None:
    monkeypatch.setenv("SPACES_SECRET_ACCESS_KEY", CANARY)
    with pytest.raises(
        StorageCredentialError, match=f"{location.bucket} .digitalocean, SGP1"
    ) as caught:
        getattr(SpacesLocationBackend(), method)(location)
    assert CANARY not in f"{caught.value} {caught.value!r}"


def test_a_proof_passes_and_leaves_nothing_behind(
    admin: Any, location: SpacesLocation, credential: Mapping[str, str]
) -> None:
    for path in ("calls", "/calls/", "", None):
        SpacesWriteProbe().check(config_of(location, credential, path=path), None)
    assert "Uploads" not in admin.list_multipart_uploads(Bucket=location.bucket)
    assert "Versions" not in admin.list_object_versions(Bucket=location.bucket)


@pytest.mark.parametrize(
    ("wrong", "error", "text"),
    [
        ({"secret": CANARY}, StorageCredentialError, "SignatureDoesNotMatch.*the secret is not"),
        ({"access_key": CANARY}, StorageCredentialError, "InvalidAccessKeyId.*does not know"),
        ({"bucket": "elsewhere"}, StorageCredentialError, "lack .*Read/Write/Delete"),
    ],
)
def test_a_key_that_cannot_write_there_is_refused_with_the_reason(
    location: SpacesLocation,
    credential: Mapping[str, str],
    wrong: dict[str, Any],
    error: type[StorageError],
    text: str,
) -> None:
    config = config_of(location, credential, **wrong)
    with pytest.raises(error, match=rf"{config.bucket} \(digitalocean, SGP1\).*{text}") as caught:
        SpacesWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


def test_a_bucket_that_is_not_there_is_missing(moto: MotoServer, location: SpacesLocation) -> None:
    administrator = {"access_key": moto.admin_key, "secret": moto.admin_secret}
    config = config_of(location, administrator, bucket="nowhere-at-all")
    with pytest.raises(StorageNotFoundError, match=r"nowhere-at-all .*no such bucket") as caught:
        SpacesWriteProbe().check(config, None)
    assert_no_secret_in(caught, config)


def test_an_endpoint_that_is_not_there_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        monkeypatch.setenv("SPACES_ENDPOINT_URL", url)
        config = config_of(declared(), {"access_key": "DO" + CANARY, "secret": CANARY})
        with pytest.raises(StorageUnreachableError, match="no connection to Spaces") as caught:
            SpacesWriteProbe().check(config, None)
        with pytest.raises(StorageUnreachableError, match="no connection to Spaces"):
            SpacesLocationBackend().read(declared())
    assert_no_secret_in(caught, config)


def test_a_config_of_another_kind_is_a_mistake_of_the_program() -> None:
    key = {"access_key": "AKIA", "secret": "nothing"}
    named: dict[str, Any] = {"type": "aws", "bucket": "rec", "region": "eu-west-1", **key}
    with pytest.raises(TypeError, match="aws"):
        SpacesWriteProbe().check(AwsStorageConfig(**named), None)


@pytest.mark.parametrize(
    ("declared_endpoint", "variable", "asked"),
    [
        (None, None, "https://sgp1.digitaloceanspaces.com"),
        (None, "https://{{.Region}}.spaces.test", "https://sgp1.spaces.test"),
        ("https://own.test", "https://{{.Region}}.spaces.test", "https://own.test"),
    ],
)
def test_the_endpoint_is_the_regions_in_lower_case(
    monkeypatch: pytest.MonkeyPatch,
    declared_endpoint: str | None,
    variable: str | None,
    asked: str,
) -> None:
    monkeypatch.delenv("SPACES_ENDPOINT_URL")
    if variable:
        monkeypatch.setenv("SPACES_ENDPOINT_URL", variable)
    client = create_spaces_client(REGION, declared_endpoint, "key", "secret")
    assert client.meta.endpoint_url == asked
    assert client.meta.region_name == "sgp1"
    client.close()


@contextmanager
def listening(requests: list[tuple[str, Mapping[str, str], bytes]]) -> Iterator[str]:
    """Accept everything, and keep what was sent."""

    class Handler(BaseHTTPRequestHandler):
        def do_PUT(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            requests.append((self.path, dict(self.headers), body))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def test_requests_are_those_of_s3_before_it_changed_its_checksums() -> None:
    """Spaces asks for an MD5 where S3 now takes a CRC, and has bucket names in the path."""
    requests: list[tuple[str, Mapping[str, str], bytes]] = []
    with listening(requests) as url:
        client = create_spaces_client(REGION, url, "key", "secret")
        rule = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 1}}
        client.put_bucket_lifecycle_configuration(
            Bucket="dotted.name", LifecycleConfiguration={"Rules": [rule]}
        )
        client.close()
    [(path, headers, body)] = requests
    digest = hashlib.md5(body, usedforsecurity=False).digest()
    assert path == "/dotted.name?lifecycle"
    assert headers["Content-MD5"] == base64.b64encode(digest).decode()
    assert not [name for name in headers if "checksum" in name.lower()]


def test_the_sdk_is_not_loaded_before_it_is_needed() -> None:
    program = (
        "import sys, realtimekit_provider.storage.backends.spaces.location_backend\n"
        "print([name for name in sys.modules if name.startswith(('boto', 's3transfer'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout == b"[]\n", done


def test_a_missing_sdk_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "botocore.exceptions", None)
    with pytest.raises(MissingSdkError, match=r"pip install 'realtimekit-provider\[aws\]'"):
        SpacesLocationBackend().read(declared())
