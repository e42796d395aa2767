"""Cloud Storage for recordings."""

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

__all__ = ["GcsRecordingBucket"]


class GcsRecordingBucket(RecordingStorage):
    """A bucket, a service account that can create objects below its prefix, and a gate.

    Administrators' credentials come from Google's own chain (ADC) at each run; they are never
    an input. Needs the extra ``gcs``.
    """

    def __init__(
        self,
        name: str,
        *,
        bucket: pulumi.Input[str],
        region: pulumi.Input[str],
        project: pulumi.Input[str],
        prefix: pulumi.Input[str] | None = None,
        key: pulumi.Input[str] | None = None,
        existing: pulumi.Input[bool] | None = None,
        on_delete: pulumi.Input[OnDeleteLocation] | None = None,
        key_generation: pulumi.Input[int] | None = None,
        retention_days: pulumi.Input[int] | None = None,
        versioning: pulumi.Input[bool] | None = None,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] | None = None,
        upload_deadline: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the storage.

        Args:
            name: The component's name in the stack.
            bucket: The bucket's name. A change is another bucket.
            region: The bucket's location, such as ``us-east1``. A change is another bucket.
            project: The project of bucket and service account.
            prefix: The folder that recordings are written to; the whole bucket where empty.
            key: A service account's key file as JSON text, where the organisation forbids
                creating keys: then no service account is created, and the given one must be able
                to create objects below the prefix.
            existing: Whether the bucket is somebody else's; false by default. If so, nothing of it
                is changed but the writer's own right. With a given key no administrator's
                credential is used at all.
            on_delete: What is done with a bucket that holds objects: ``keep`` (default) with a
                warning, ``fail``, or ``force``.
            key_generation: The number of the key, 1 by default; raise it by one to rotate.
            retention_days: Days after which objects expire; never where it is left out.
            versioning: Whether old versions of an object are kept; false by default.
            apps: Whose recordings may write here; the stack's own app where left out.
            write_test: Whether the gate checks the key by writing with it; true by default.
            upload_deadline: Seconds that a delete waits for the last upload; 900 by default.
            opts: Pulumi's options.
        """
        given = self._register(
            "gcs",
            name,
            {
                "bucket": bucket,
                "region": region,
                "project": project,
                "prefix": prefix,
                "key": key,
                "existing": existing,
                "on_delete": on_delete,
                "key_generation": key_generation,
                "retention_days": retention_days,
                "versioning": versioning,
                "apps": apps,
                "write_test": write_test,
                "upload_deadline": upload_deadline,
            },
            opts,
        )
        folder = strip_slashes(given["prefix"])
        is_given = key is not None
        location = self._declare_location(given, credential_is_given=is_given)
        written_with: dict[str, pulumi.Input[Any]] = {
            "bucket": location.bucket,
            "secret": given["key"],
        }
        if not is_given:
            writer = self._declare_writer(given, bucket=location.bucket, prefix=folder)
            written_with = {"bucket": writer.bucket, "secret": writer.secret}
        self._declare_gate(
            given,
            {"region": location.region, "path": none_if_empty(folder), **written_with},
            credential_is_given=is_given,
        )
