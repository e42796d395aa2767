"""The settings of a Cloud Storage bucket: as declared, and as they are."""

from __future__ import annotations

from typing import Any

from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.gcs.models import GcsLocation

__all__ = ["declare_settings", "read_settings"]


def declare_settings(location: GcsLocation, bucket: Any) -> None:
    """Write the declared settings to the SDK's ``bucket``, for its next call that sends them."""
    bucket.iam_configuration.uniform_bucket_level_access_enabled = True
    bucket.iam_configuration.public_access_prevention = "enforced"
    bucket.versioning_enabled = location.versioning
    bucket.lifecycle_rules = _build_rules(location.retention_days)


def read_settings(location: GcsLocation, bucket: Any) -> GcsLocation:
    """Return the location as it really is, also where the model has no word for it.

    Args:
        location: What is declared.
        bucket: The SDK's bucket, as it was read.
    """
    region = str(bucket.location or "")
    is_there = normalize_region(region) == normalize_region(location.region)
    prevented = bucket.iam_configuration.public_access_prevention == "enforced"
    return location.model_copy(
        update={
            "region": location.region if is_there else region,
            "public_access": "blocked" if prevented else "open",
            "uniform_access": bucket.iam_configuration.uniform_bucket_level_access_enabled,
            "versioning": bool(bucket.versioning_enabled),
            "retention_days": _read_retention_days(bucket),
        }
    )


def _build_rules(days: int | None) -> list[dict[str, Any]]:
    if days is None:
        return []
    return [{"action": {"type": "Delete"}, "condition": {"age": days}}]


def _read_retention_days(bucket: Any) -> Any:
    rules = list(bucket.lifecycle_rules)
    days = rules[0].get("condition", {}).get("age") if len(rules) == 1 else None
    return days if rules == _build_rules(days) else "other rules"
