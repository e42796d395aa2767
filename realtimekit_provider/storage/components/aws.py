"""S3 storage for recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from realtimekit_provider.engine.input_values import map_input
from realtimekit_provider.storage.backends.base_models import OnDeleteLocation
from realtimekit_provider.storage.components.base import (
    RecordingStorage,
    none_if_empty,
    strip_slashes,
)

__all__ = ["AwsRecordingBucket"]


class AwsRecordingBucket(RecordingStorage):
    """An S3 bucket, an IAM user that can write below its prefix and nothing else, and a gate.

    Where a key is given, no user is created.

    Administrators' credentials come from AWS' own chain (environment, profile, role) at each
    run; they are never an input. Needs the extra ``aws``.
    """

    def __init__(
        self,
        name: str,
        *,
        bucket: pulumi.Input[str],
        region: pulumi.Input[str],
        prefix: pulumi.Input[str] | None = None,
        access_key: pulumi.Input[str] | None = None,
        secret: pulumi.Input[str] | None = None,
        existing: pulumi.Input[bool] | None = None,
        on_delete: pulumi.Input[OnDeleteLocation] | None = None,
        key_generation: pulumi.Input[int] | None = None,
        retention_days: pulumi.Input[int] | None = None,
        abort_uploads_days: pulumi.Input[int] | None = None,
        encryption: pulumi.Input[str] | None = None,
        versioning: pulumi.Input[bool] | None = None,
        tls_only: pulumi.Input[bool] | None = None,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] | None = None,
        upload_deadline: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the storage.

        Args:
            name: The component's name in the stack.
            bucket: The bucket's name. A change is another bucket.
            region: The bucket's region. A change is another bucket.
            prefix: The folder that recordings are written to; the whole bucket where empty.
            access_key: The id of a key that recordings are written with, where the organisation
                forbids creating users: then none is created, and the given key must be able to
                write below the prefix. Rotate it by giving another.
            secret: That key's secret.
            existing: Whether the bucket is somebody else's; false by default. If so, only writer,
                key and gate are ours, and nothing of the bucket is created, changed or deleted.
                With a given key no administrator's credential is used at all.
            on_delete: What is done with a bucket that holds objects: ``keep`` (default) with a
                warning, ``fail``, or ``force``. An empty one is deleted in any case.
            key_generation: The number of the key, 1 by default; raise it by one to rotate.
            retention_days: Days after which objects expire; never where it is left out.
            abort_uploads_days: Days after which unfinished uploads are dropped; 7 by default.
            encryption: ``AES256`` (default), ``aws:kms``, or the ARN of a KMS key.
            versioning: Whether old versions of an object are kept; false by default.
            tls_only: Whether the bucket's policy refuses requests without TLS; true by default.
            apps: Whose recordings may write here; the stack's own app where left out.
            write_test: Whether the gate checks the key by writing with it; true by default.
            upload_deadline: Seconds that a delete waits for the last upload; 900 by default.
            opts: Pulumi's options.
        """
        given = self._register(
            "aws",
            name,
            {
                "bucket": bucket,
                "region": region,
                "prefix": prefix,
                "access_key": access_key,
                "secret": secret,
                "existing": existing,
                "on_delete": on_delete,
                "key_generation": key_generation,
                "retention_days": retention_days,
                "abort_uploads_days": abort_uploads_days,
                "encryption": encryption,
                "versioning": versioning,
                "tls_only": tls_only,
                "apps": apps,
                "write_test": write_test,
                "upload_deadline": upload_deadline,
            },
            opts,
        )
        folder = strip_slashes(given["prefix"])
        is_given = access_key is not None or secret is not None
        location = self._declare_location(given, credential_is_given=is_given)
        written_with: dict[str, pulumi.Input[Any]] = {
            "bucket": location.bucket,
            "access_key": given["access_key"],
            "secret": given["secret"],
        }
        if not is_given:
            writer = self._declare_writer(
                given,
                bucket=location.bucket,
                prefix=folder,
                region=location.region,
                kms_key=map_input(given["encryption"], _select_kms_key),
            )
            written_with = {
                "bucket": writer.bucket,
                "access_key": writer.access_key,
                "secret": writer.secret,
            }
        self._declare_gate(
            given,
            {"region": location.region, "path": none_if_empty(folder), **written_with},
            credential_is_given=is_given,
        )


def _select_kms_key(encryption: object) -> str | None:
    return encryption if isinstance(encryption, str) and encryption.startswith("arn:") else None
