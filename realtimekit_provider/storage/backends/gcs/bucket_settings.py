"""The settings of a Cloud Storage bucket: as declared, and as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from realtimekit_provider.schema.normal_forms import normalize_region
from realtimekit_provider.storage.backends.gcs.models import GcsLocation

__all__ = ["build_settings", "read_settings"]


def build_settings(location: GcsLocation) -> dict[str, Any]:
    """Return the declared settings as the API takes them.

    Keys: ``iamConfiguration``, ``versioning`` and ``lifecycle``.
    """
    return {
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
        "versioning": {"enabled": location.versioning},
        "lifecycle": {"rule": _build_rules(location.retention_days)},
    }


def read_settings(location: GcsLocation, state: Mapping[str, Any]) -> GcsLocation:
    """Return the location as it really is, also where the model has no word for it.

    Args:
        location: What is declared.
        state: The bucket, as the API describes it.
    """
    access = state.get("iamConfiguration", {})
    region = str(state.get("location", ""))
    is_there = normalize_region(region) == normalize_region(location.region)
    prevented = access.get("publicAccessPrevention") == "enforced"
    return location.model_copy(
        update={
            "region": location.region if is_there else region,
            "public_access": "blocked" if prevented else "open",
            "uniform_access": bool(access.get("uniformBucketLevelAccess", {}).get("enabled")),
            "versioning": bool(state.get("versioning", {}).get("enabled")),
            "retention_days": _read_retention_days(state),
        }
    )


def _build_rules(days: int | None) -> list[dict[str, Any]]:
    if days is None:
        return []
    return [{"action": {"type": "Delete"}, "condition": {"age": days}}]


def _read_retention_days(state: Mapping[str, Any]) -> Any:
    rules = state.get("lifecycle", {}).get("rule", [])
    days = rules[0].get("condition", {}).get("age") if len(rules) == 1 else None
    return days if rules == _build_rules(days) else "other rules"
