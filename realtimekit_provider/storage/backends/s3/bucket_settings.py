"""What AWS and Spaces let a bucket's owner settle alike: life cycle, policy, public access."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from realtimekit_provider.storage.backends.s3.errors import none_if_missing
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = [
    "has_our_lifecycle",
    "is_public",
    "put_lifecycle",
    "put_policy",
    "read_lifecycle_days",
    "read_statements",
]

_OURS = "realtimekit-"
_RETENTION = f"{_OURS}retention"
_UNFINISHED = f"{_OURS}unfinished-uploads"
_ENDS_OBJECTS = ("Expiration", "NoncurrentVersionExpiration", "AbortIncompleteMultipartUpload")


def put_lifecycle(s3: Any, location: S3BucketModel, *, versions: bool) -> None:
    """Give the bucket the declared life cycle; nobody else's rule may end an object.

    Rules that only move objects to another storage class stay.
    """
    harmless = [
        rule for rule in _rules(s3, location.bucket) if not rule.keys() & set(_ENDS_OBJECTS)
    ]
    rules = [*harmless, *_declared_rules(location, versions=versions)]
    if rules:
        s3.put_bucket_lifecycle_configuration(
            Bucket=location.bucket, LifecycleConfiguration={"Rules": rules}
        )
    else:
        s3.delete_bucket_lifecycle(Bucket=location.bucket)


def _declared_rules(location: S3BucketModel, *, versions: bool) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if days := location.retention_days:
        rule = {**_whole_bucket(_RETENTION), "Expiration": {"Days": days}}
        if versions:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
        rules.append(rule)
    if days := location.abort_uploads_days:
        abort = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": days}}
        rules.append({**_whole_bucket(_UNFINISHED), **abort})
    return rules


def _whole_bucket(name: str) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": ""}}


def read_lifecycle_days(s3: Any, bucket: str) -> dict[str, Any]:
    """Return after how many days the bucket ends objects and unfinished uploads, as it is."""
    rules = [rule for rule in _rules(s3, bucket) if rule.get("Status") == "Enabled"]
    expiry = ("Expiration", "NoncurrentVersionExpiration")
    return {
        "retention_days": _shortest(rule.get(key) for rule in rules for key in expiry),
        "abort_uploads_days": _shortest(rule.get(_ENDS_OBJECTS[2]) for rule in rules),
    }


def _shortest(ends: Iterable[Mapping[str, Any] | None]) -> int | str | None:
    """A date, which no declaration of ours has, comes before all days: it must be seen."""
    found = [end for end in ends if end]
    for end in found:
        if "Date" in end:
            return str(end["Date"])
    names = ("Days", "NoncurrentDays", "DaysAfterInitiation")
    return min((int(end[name]) for end in found for name in names if name in end), default=None)


def _rules(s3: Any, bucket: str) -> list[dict[str, Any]]:
    answer = none_if_missing(s3.get_bucket_lifecycle_configuration, Bucket=bucket)
    return list((answer or {}).get("Rules", []))


def has_our_lifecycle(s3: Any, bucket: str) -> bool:
    """Whether the bucket bears the mark of this project: one of its rules."""
    return any(str(rule.get("ID", "")).startswith(_OURS) for rule in _rules(s3, bucket))


def read_statements(s3: Any, bucket: str) -> list[dict[str, Any]]:
    """Return the statements of the bucket's policy."""
    answer = none_if_missing(s3.get_bucket_policy, Bucket=bucket)
    found = json.loads(answer["Policy"]).get("Statement", []) if answer else []
    return [found] if isinstance(found, dict) else list(found)


def is_public(statement: Mapping[str, Any]) -> bool:
    """Whether a statement allows something to everybody."""
    everybody = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return everybody and statement.get("Effect") == "Allow" and not statement.get("Condition")


def put_policy(s3: Any, bucket: str, found: object, wanted: Sequence[Mapping[str, Any]]) -> None:
    """Give the bucket a policy of these statements, none if there are none."""
    if wanted and wanted != found:
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(wanted)})
        s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    elif found and not wanted:
        s3.delete_bucket_policy(Bucket=bucket)
