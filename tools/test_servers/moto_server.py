"""S3, IAM and STS on loopback, in its own process, which checks credentials and policies.

What moto does not do: it ignores the conditions of bucket policies (a policy that denies
plain HTTP blocks every object call), accepts inactive keys and bad bucket names, and knows no
regions apart from the one that a bucket was made in.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config

from tools.test_servers.started import wait_for_line

__all__ = ["ISOLATED", "MotoServer", "running_moto"]

_LISTENS = re.compile(r"Running on (http://127\.0\.0\.1:\d+)")
_ALLOW_ALL = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}],
}


@dataclass(frozen=True)
class MotoServer:
    """A running server with one administrator, whose key is the only one that it knows."""

    url: str
    admin_key: str
    admin_secret: str

    @property
    def environment(self) -> Mapping[str, str]:
        """What makes the SDK's default chain find this server and its administrator."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": self.admin_key,
            "AWS_SECRET_ACCESS_KEY": self.admin_secret,
            **ISOLATED,
        }

    @property
    def spaces_environment(self) -> Mapping[str, str]:
        """The same for Spaces."""
        return {
            "SPACES_ENDPOINT_URL": self.url,
            "SPACES_ACCESS_KEY_ID": self.admin_key,
            "SPACES_SECRET_ACCESS_KEY": self.admin_secret,
            **ISOLATED,
        }

    def client(
        self, service: str, key: str = "", secret: str = "", region: str = "us-east-1"
    ) -> Any:
        """Return boto3's client, of the administrator unless a key is given."""
        return _client(
            self.url, service, key or self.admin_key, secret or self.admin_secret, region
        )

    def create_user(self, user: str, *statements: Mapping[str, Any]) -> tuple[str, str]:
        """Make a user with these rights, and return its access key and secret."""
        return _create_user(self.client("iam"), user, {**_ALLOW_ALL, "Statement": list(statements)})


ISOLATED = {  # what keeps the SDK from the accounts of whoever runs it
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}


@contextmanager
def running_moto() -> Iterator[MotoServer]:
    """Run the server on a free port until the end of the block."""
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **ISOLATED, "PYTHONUNBUFFERED": "1"},
        # Ctrl-C is for the parent process, which needs this server until it has ended.
        start_new_session=True,
    )
    try:
        yield _create_administrator(wait_for_line(server, server.stdout, _LISTENS).group(1))
    finally:
        server.terminate()
        server.wait(timeout=10)


def _create_administrator(url: str) -> MotoServer:
    iam = _client(url, "iam", "nobody", "nothing", "us-east-1")
    key, secret = _create_user(iam, "administrator", _ALLOW_ALL)
    _enable_credential_checks(url)
    return MotoServer(url, key, secret)


def _create_user(iam: Any, user: str, policy: Mapping[str, Any]) -> tuple[str, str]:
    iam.create_user(UserName=user)
    iam.put_user_policy(UserName=user, PolicyName="all", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=user)["AccessKey"]
    return key["AccessKeyId"], key["SecretAccessKey"]


def _enable_credential_checks(url: str) -> None:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request("POST", "/moto-api/reset-auth", "0", {"Content-Type": "text/plain"})
    answer = connection.getresponse()
    assert answer.status == 200, answer.read()
    connection.close()


@cache
def _client(url: str, service: str, key: str, secret: str, region: str) -> Any:
    session: Any = boto3.session.Session()
    return session.client(
        service,
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(proxies={}),
    )
