"""Whether a Spaces key can write."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Any

import pytest

from realtimekit_provider.api.models.storage_config import (
    AwsStorageConfig,
)
from realtimekit_provider.errors import (
    StorageCredentialError,
    StorageError,
    StorageNotFoundError,
    StorageUnreachableError,
)
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from realtimekit_provider.storage.backends.spaces.write_probe import SpacesWriteProbe
from tests.storage.backends.aws.aws_setup import CANARY, assert_no_secret_in
from tests.storage.backends.spaces.spaces_setup import config_of, declared
from tests.storage.locations import locations
from tools.test_servers.moto_server import MotoServer


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
            locations("digitalocean").read(declared())
    assert_no_secret_in(caught, config)


def test_a_config_of_another_kind_is_a_mistake_of_the_program() -> None:
    key = {"access_key": "AKIA", "secret": "nothing"}
    named: dict[str, Any] = {"type": "aws", "bucket": "rec", "region": "eu-west-1", **key}
    with pytest.raises(TypeError, match="aws"):
        SpacesWriteProbe().check(AwsStorageConfig(**named), None)
