"""What the tests of Azure declare, and what others do to a writer."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from realtimekit_provider.api.models.storage_config import AzureStorageConfig
from realtimekit_provider.errors import (
    StorageError,
)
from realtimekit_provider.storage.backends.azure.models import AzureLocation, AzureWriter
from realtimekit_provider.storage.backends.azure.write_probe import AzureWriteProbe


def build_location(name: str, **changed: Any) -> AzureLocation:
    return AzureLocation(**{"account": "acmerecordings", "container": name, **changed})


def writer(name: str, **changed: Any) -> AzureWriter:
    declared = {
        "name": "archive",
        "mark": "rk0123456789",
        "container": name,
        "account": "acmerecordings",
    }
    return AzureWriter(**{**declared, **changed})


def config(name: str, access_key: str) -> AzureStorageConfig:
    given: Any = {"type": "azure", "access_key": access_key, "bucket": name, "path": "tracks"}
    return AzureStorageConfig(**given)


def names_in(admin: Any, name: str) -> list[str]:
    return [blob.name for blob in admin.get_container_client(name).list_blobs()]


def policies_of(admin: Any, name: str) -> dict[str, Any]:
    found = admin.get_container_client(name).get_container_access_policy()
    return {each.id: each.access_policy for each in found["signed_identifiers"] or []}


def meddle(admin: Any, name: str, how: str) -> None:
    container = admin.get_container_client(name)
    policies = policies_of(admin, name)
    soon = datetime.now(timezone.utc) + timedelta(days=1)
    policy = policies["rtk-rk0123456789-g1"]
    if how == "policy":
        policies.pop("rtk-rk0123456789-g1")
    elif how == "rights":
        policy.permission = "rcwd"
    elif how == "expired":
        policy.expiry = soon - timedelta(days=2)
    container.set_container_access_policy(policies)
    if how == "container":
        container.delete_container()


def refusal(prove: AzureStorageConfig) -> tuple[type[Exception], str]:
    with pytest.raises(StorageError) as caught:
        AzureWriteProbe().check(prove, None)
    text = str(caught.value) + repr(caught.value)
    assert "sig=" not in text
    assert "AccountKey" not in text
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return type(caught.value), str(caught.value)
