"""Spaces storage for recordings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from realtimekit_provider.storage.backends.base_models import OnDeleteLocation
from realtimekit_provider.storage.components.base import (
    RecordingStorage,
    none_if_empty,
    strip_slashes,
)

__all__ = ["SpacesRecordingBucket"]


class SpacesRecordingBucket(RecordingStorage):
    """A Spaces bucket and a gate; the key that recordings are written with is given.

    Spaces keys are limited to buckets where they are made: make one for this bucket alone.
    The administrator's own key comes from ``SPACES_ACCESS_KEY_ID`` and
    ``SPACES_SECRET_ACCESS_KEY`` at each run. Needs the extra ``aws``.
    """

    def __init__(
        self,
        name: str,
        *,
        bucket: pulumi.Input[str],
        region: pulumi.Input[str],
        access_key: pulumi.Input[str],
        secret: pulumi.Input[str],
        prefix: pulumi.Input[str] | None = None,
        existing: pulumi.Input[bool] | None = None,
        on_delete: pulumi.Input[OnDeleteLocation] | None = None,
        retention_days: pulumi.Input[int] | None = None,
        abort_uploads_days: pulumi.Input[int] | None = None,
        endpoint: pulumi.Input[str] | None = None,
        apps: pulumi.Input[Sequence[pulumi.Input[Mapping[str, pulumi.Input[str]]]]] | None = None,
        write_test: pulumi.Input[bool] | None = None,
        upload_deadline: pulumi.Input[float] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the storage.

        Args:
            name: The component's name in the stack.
            bucket: The bucket's name. A change is another bucket.
            region: The region as the API writes it, such as ``SGP1``. A change is another bucket.
            access_key: The key that recordings are written with; rotate it by giving another.
            secret: That key's secret.
            prefix: The folder that recordings are written to; the whole bucket where empty.
            existing: Whether the bucket is somebody else's; false by default. If so, nothing of it
                is changed, and no administrator's key is used.
            on_delete: What is done with a bucket that holds objects: ``keep`` (default) with a
                warning, ``fail``, or ``force``.
            retention_days: Days after which objects expire; never where it is left out.
            abort_uploads_days: Days after which unfinished uploads are dropped; 7 by default.
            endpoint: Where Spaces is, if not at the region's own address.
            apps: Whose recordings may write here; the stack's own app where left out.
            write_test: Whether the gate checks the key by writing with it; true by default.
            upload_deadline: Seconds that a delete waits for the last upload; 900 by default.
            opts: Pulumi's options.
        """
        given = self._register(
            "digitalocean",
            name,
            {
                "bucket": bucket,
                "region": region,
                "access_key": access_key,
                "secret": secret,
                "prefix": prefix,
                "existing": existing,
                "on_delete": on_delete,
                "retention_days": retention_days,
                "abort_uploads_days": abort_uploads_days,
                "endpoint": endpoint,
                "apps": apps,
                "write_test": write_test,
                "upload_deadline": upload_deadline,
            },
            opts,
        )
        location = self._declare_location(given, credential_is_given=True)
        self._declare_gate(
            given,
            {
                "bucket": location.bucket,
                "region": location.region,
                "path": none_if_empty(strip_slashes(given["prefix"])),
                "access_key": given["access_key"],
                "secret": given["secret"],
            },
        )
