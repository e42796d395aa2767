"""Azure Blob storage for recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from realtimekit_provider.storage.backends.base_models import OnDeleteLocation
from realtimekit_provider.storage.components.base import (
    RecordingStorage,
    none_if_empty,
    strip_slashes,
)

__all__ = ["AzureRecordingContainer"]


class AzureRecordingContainer(RecordingStorage):
    """A container in an existing storage account, a SAS that can create and write, and a gate.

    Where a connection string is given, no SAS is created.

    The account's own credentials come from ``AZURE_STORAGE_CONNECTION_STRING``, or
    ``AZURE_STORAGE_ACCOUNT`` and ``AZURE_STORAGE_KEY``, at each run. Needs the extra ``azure``.
    """

    def __init__(
        self,
        name: str,
        *,
        account: pulumi.Input[str],
        container: pulumi.Input[str],
        prefix: pulumi.Input[str] | None = None,
        access_key: pulumi.Input[str] | None = None,
        existing: pulumi.Input[bool] | None = None,
        on_delete: pulumi.Input[OnDeleteLocation] | None = None,
        key_generation: pulumi.Input[int] | None = None,
        valid_days: pulumi.Input[int] | None = None,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] | None = None,
        upload_deadline: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the storage.

        Args:
            name: The component's name in the stack.
            account: The storage account, which exists.
            container: The container's name. A change is another container.
            prefix: The folder that recordings are written to; the SAS is for the container.
            access_key: A connection string that recordings are written with, best one with a SAS
                that can create and write in this container: then no SAS is created. Rotate it by
                giving another.
            existing: Whether the container is somebody else's; false by default. If so, nothing of
                it is changed but the access policies that are ours. With a given connection string
                the account's own credentials are not used at all.
            on_delete: What is done with a container that holds blobs: ``keep`` (default) with a
                warning, ``fail``, or ``force``.
            key_generation: The number of the SAS, 1 by default; raise it by one to rotate.
            valid_days: Days until the SAS expires, from when it is created or this number
                is changed; 365 by default.
            apps: Whose recordings may write here; the stack's own app where left out.
            write_test: Whether the gate checks the SAS by writing with it; true by default.
            upload_deadline: Seconds that a delete waits for the last upload; 900 by default.
            opts: Pulumi's options.
        """
        given = self._register(
            "azure",
            name,
            {
                "account": account,
                "container": container,
                "prefix": prefix,
                "access_key": access_key,
                "existing": existing,
                "on_delete": on_delete,
                "key_generation": key_generation,
                "valid_days": valid_days,
                "apps": apps,
                "write_test": write_test,
                "upload_deadline": upload_deadline,
            },
            opts,
        )
        folder = strip_slashes(given["prefix"])
        is_given = access_key is not None
        location = self._declare_location(given, credential_is_given=is_given)
        written_with: dict[str, pulumi.Input[Any]] = {
            "bucket": location.container,
            "access_key": given["access_key"],
        }
        if not is_given:
            writer = self._declare_writer(given, container=location.container)
            written_with = {"bucket": writer.container, "access_key": writer.access_key}
        self._declare_gate(
            given,
            {"path": none_if_empty(folder), **written_with},
            credential_is_given=is_given,
        )
