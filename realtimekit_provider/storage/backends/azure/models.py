"""What is declared of Azure's blob storage."""

from __future__ import annotations

from typing import ClassVar, Literal

from realtimekit_provider.schema.credentials import ConnectionString
from realtimekit_provider.schema.numbers import Days, KeyGeneration
from realtimekit_provider.schema.storage_names import (
    BucketName,
    ContainerName,
    ObjectPath,
    StorageAccountName,
)
from realtimekit_provider.storage.backends.base_models import (
    DeclarationModel,
    LocationModel,
    WriterModel,
)

__all__ = ["AzureDeclaration", "AzureLocation", "AzureWriter"]


class AzureLocation(LocationModel):
    """A container in a storage account that exists, without public access."""

    identity_fields: ClassVar[tuple[str, ...]] = ("account", "container")
    replace_on: ClassVar[frozenset[str]] = frozenset({"account", "container"})

    type: Literal["azure"] = "azure"
    account: StorageAccountName
    container: ContainerName
    public_access: Literal["blocked"] = "blocked"


class AzureWriter(WriterModel):
    """A SAS with create and write on the container, revocable by its stored access policy."""

    replace_on: ClassVar[frozenset[str]] = frozenset({"name", "account", "container"})

    type: Literal["azure"] = "azure"
    account: str
    container: BucketName
    valid_days: Days = 365


class AzureDeclaration(AzureLocation, DeclarationModel):
    """Storage of type ``azure`` in a stack's config."""

    prefix: ObjectPath = ""
    access_key: ConnectionString | None = None
    key_generation: KeyGeneration = 1
    valid_days: Days = 365
