"""One S3 for all tests of this folder; each has a bucket of its own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.shared_servers import get_moto
from tools.test_servers.moto_server import MotoServer


@pytest.fixture(scope="session")
def moto() -> MotoServer:
    return get_moto()


@pytest.fixture
def aws_environment(moto: MotoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Boto3's chain finds the stand-in and its administrator."""
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in moto.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def admin(moto: MotoServer) -> Any:
    """S3 as the administrator's own tools see it."""
    return moto.client("s3")


@pytest.fixture
def iam(moto: MotoServer) -> Any:
    """IAM in the same way."""
    return moto.client("iam")
