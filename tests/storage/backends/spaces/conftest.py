"""A test server of S3 in the place of Spaces, a bucket and a key."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import uuid4

import pytest

from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from tests.storage.backends.spaces.spaces_setup import declared
from tests.storage.locations import locations
from tools.test_servers.moto_server import MotoServer


@pytest.fixture(autouse=True)
def _as_administrator(moto: MotoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS's own variables lead nowhere: Spaces does not look at them."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIANOBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
    for name, value in moto.spaces_environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def location() -> SpacesLocation:
    """A bucket that is there."""
    location = declared(retention_days=30)
    locations("digitalocean").create(location)
    return location


@pytest.fixture
def credential(moto: MotoServer, location: SpacesLocation) -> Mapping[str, str]:
    """A key that may read, write and delete in this bucket alone."""
    everything = [f"arn:aws:s3:::{location.bucket}", f"arn:aws:s3:::{location.bucket}/*"]
    allowed = {"Effect": "Allow", "Action": "s3:*", "Resource": everything}
    key, secret = moto.create_user(f"spaces-{uuid4().hex[:8]}", allowed)
    return {"access_key": key, "secret": secret}
