"""What the tests of Cloud Storage declare, and what others do to a writer."""

from __future__ import annotations

import json
from typing import Any

from realtimekit_provider.api.models.storage_config import GcsStorageConfig
from realtimekit_provider.storage.backends.gcs.models import GcsLocation, GcsWriter
from tests.storage.locations import locations
from tools.test_servers.gcs_server import PROJECT, GcsServer

BUCKET = "acme-recordings"


def build_location(**changed: Any) -> GcsLocation:
    return GcsLocation(**{"bucket": BUCKET, "region": "eu", "project": PROJECT, **changed})


def writer(**changed: Any) -> GcsWriter:
    declared = {
        "name": "archive",
        "mark": "rk0123456789abcdef",
        "bucket": BUCKET,
        "project": PROJECT,
        "prefix": "tracks",
    }
    return GcsWriter(**{**declared, **changed})


def config(secret: str, path: str = "tracks") -> GcsStorageConfig:
    return GcsStorageConfig(type="gcs", secret=secret, bucket=BUCKET, region="EU", path=path)  # type: ignore[arg-type]


def meddle(server: GcsServer, how: str, secret: str) -> None:
    text = json.loads(secret)
    account = server.iam.accounts[text["client_email"]]
    member = f"serviceAccount:{account.email}"
    if how == "account":
        server.iam.delete(account.email)
    elif how == "key":
        del account.keys[text["private_key_id"]]
    elif how == "disabled":
        account.disabled = True
    elif how == "rights":
        server.iam.policies[BUCKET]["bindings"] = []
    elif how == "more rights":
        more = {"role": "roles/storage.admin", "members": [member, "user:ops@example.com"]}
        server.iam.policies[BUCKET]["bindings"].append(more)
    elif how == "bucket":
        locations("gcs").delete(build_location(on_delete="force"))
