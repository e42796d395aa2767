"""An AWS account on loopback, with the roles of the jobs.

moto knows which actions a policy allows, and on which resources only for S3.
"""

from __future__ import annotations

import json
from typing import Any

from tests.pipelines.checkout import TEMPLATES
from tools.test_servers.moto_server import ISOLATED, MotoServer

__all__ = ["RECORDINGS", "Account"]

ROLES = TEMPLATES / "roles"
STATE = "acme-pulumi-state"
RECORDINGS = "acme-recordings"
_MOTO_ACTIONS = {
    "s3:ListBucket": "s3:HeadBucket",
    "s3:GetBucketPublicAccessBlock": "s3:GetPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock": "s3:PutPublicAccessBlock",
}
"""What moto calls actions that have another name in AWS."""


class Account:
    """An AWS account whose users have the policies of the jobs' roles."""

    def __init__(self, server: MotoServer) -> None:
        self.server = server
        server.client("s3").create_bucket(Bucket=STATE)
        self.key: str = server.client("kms").create_key()["KeyMetadata"]["Arn"]
        self._keys = {
            role: server.create_user(role, *self._read_statements(role))
            for role in ("preview", "drift", "deploy")
        }

    @property
    def key_id(self) -> str:
        """The id of the key that the state's secrets are encrypted with."""
        return self.key.rpartition("/")[2]

    def log_in(self, role: str) -> dict[str, str]:
        """Return the environment of a job that has the role."""
        key, secret = self._keys[role]
        url = f"s3://{STATE}?endpoint={self.server.url}&s3ForcePathStyle=true&region=us-east-1"
        return {
            "AWS_ENDPOINT_URL": self.server.url,
            "AWS_ACCESS_KEY_ID": key,
            "AWS_SECRET_ACCESS_KEY": secret,
            "AWS_REGION": "us-east-1",
            **ISOLATED,
            "PULUMI_BACKEND_URL": url,
        }

    def _read_statements(self, role: str) -> list[dict[str, Any]]:
        text = (ROLES / f"{role}.json").read_text(encoding="utf-8")
        names = {
            "STATE_BUCKET": STATE,
            "RECORDINGS_BUCKET": RECORDINGS,
            "KEY_ARN": self.key,
            "ACCOUNT": "123456789012",
        }
        for name, value in names.items():
            text = text.replace(name, value)
        return [_to_moto(one) for one in json.loads(text)["Statement"]]


def _to_moto(statement: dict[str, Any]) -> dict[str, Any]:
    given = statement["Action"]
    actions = [given] if isinstance(given, str) else given
    aliases = [_MOTO_ACTIONS[one] for one in actions if one in _MOTO_ACTIONS]
    resource = statement["Resource"] if actions[0].startswith("s3:") else "*"
    return {**statement, "Action": [*actions, *aliases], "Resource": resource}
