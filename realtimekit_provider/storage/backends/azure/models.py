"""What is declared of Azure's blob storage."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import SecretStr, ValidationInfo, field_validator

from realtimekit_provider.schema.credentials import ConnectionString
from realtimekit_provider.schema.numbers import Days
from realtimekit_provider.schema.parsing.connection_strings import (
    find_account,
    parse_connection_string,
)
from realtimekit_provider.schema.storage_names import (
    BucketName,
    ContainerName,
    StorageAccountName,
)
from realtimekit_provider.schema.unknown import UNKNOWN, Unknown
from realtimekit_provider.schema.values import StrictModel
from realtimekit_provider.storage.backends.base_models import (
    DeclarationModel,
    KeyModel,
    LocationModel,
    PrefixModel,
    WriterModel,
)

__all__ = ["AzureDeclaration", "AzureLocation", "AzureWriter", "SasModel"]


class AzureLocation(LocationModel):
    """A container in a storage account that exists, without public access."""

    identity_fields: ClassVar[tuple[str, ...]] = ("account", "container")
    replace_on: ClassVar[frozenset[str]] = frozenset({"account", "container"})

    type: Literal["azure"] = "azure"
    account: StorageAccountName
    container: ContainerName
    public_access: Literal["blocked"] = "blocked"


class SasModel(StrictModel):
    """What is declared of a SAS: the days until it expires, from when this number is changed."""

    valid_days: Days = 365


class AzureWriter(WriterModel, SasModel):
    """A SAS with create and write on the container, revocable by its stored access policy."""

    replace_on: ClassVar[frozenset[str]] = frozenset({"name", "account", "container"})

    type: Literal["azure"] = "azure"
    account: str
    container: BucketName


class AzureDeclaration(AzureLocation, PrefixModel, KeyModel, SasModel, DeclarationModel):
    """The arguments of ``AzureRecordingContainer``, and storage of type ``azure`` in a config."""

    access_key: ConnectionString | None = None

    @field_validator("access_key")
    @classmethod
    def _require_same_account(
        cls, access_key: SecretStr | Unknown | None, info: ValidationInfo
    ) -> SecretStr | Unknown | None:
        declared = info.data.get("account")
        if access_key is None or access_key is UNKNOWN or declared is None:
            return access_key
        account = find_account(parse_connection_string(access_key.get_secret_value()))
        if account not in {None, declared}:
            raise ValueError(
                f"is the connection string of another account than {declared}, which is declared: "
                "files would go there"
            )
        return access_key
