"""Settings that the buckets of AWS and Spaces have in common: lifecycle, policy, public access."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from realtimekit_provider.storage.backends.s3.errors import none_if_missing
from realtimekit_provider.storage.backends.s3.models import S3BucketModel

__all__ = [
    "is_public",
    "put_lifecycle",
    "put_policy",
    "put_rules",
    "read_lifecycle_days",
    "read_rules",
    "read_statements",
]

_RETENTION = "realtimekit-retention"
_UNFINISHED = "realtimekit-unfinished-uploads"
_EXPIRATIONS = ("Expiration", "NoncurrentVersionExpiration")
_ABORT = "AbortIncompleteMultipartUpload"


def put_lifecycle(
    s3: Any,
    location: S3BucketModel,
    *,
    versions: bool,
    is_kept: Callable[[Mapping[str, Any]], bool] = lambda _: False,
) -> None:
    """Give the bucket the declared lifecycle rules; no other rule may end an object.

    Rules that only move objects to another storage class stay.

    Args:
        s3: The client.
        location: What is declared.
        versions: Whether the rules end old versions too.
        is_kept: Whether another rule stays in any case.
    """
    harmless = [
        rule
        for rule in read_rules(s3, location.bucket)
        if is_kept(rule) or not rule.keys() & {*_EXPIRATIONS, _ABORT}
    ]
    rules = [*harmless, *_build_rules(location, versions=versions)]
    put_rules(s3, location.bucket, rules)


def put_rules(s3: Any, bucket: str, rules: Sequence[Mapping[str, Any]]) -> None:
    """Give the bucket these lifecycle rules and no others."""
    if rules:
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": list(rules)}
        )
    else:
        s3.delete_bucket_lifecycle(Bucket=bucket)


def _build_rules(location: S3BucketModel, *, versions: bool) -> list[dict[str, Any]]:
    rules: list[dict[str, Any]] = []
    if days := location.retention_days:
        rule = {**_build_rule(_RETENTION), "Expiration": {"Days": days}}
        if versions:
            rule["NoncurrentVersionExpiration"] = {"NoncurrentDays": days}
        rules.append(rule)
    if days := location.abort_uploads_days:
        abort = {_ABORT: {"DaysAfterInitiation": days}}
        rules.append({**_build_rule(_UNFINISHED), **abort})
    return rules


def _build_rule(name: str) -> dict[str, Any]:
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": ""}}


def read_lifecycle_days(s3: Any, bucket: str) -> dict[str, Any]:
    """Return when the bucket ends objects and unfinished uploads, as it is.

    Keys: ``retention_days`` and ``abort_uploads_days``; each a number of days, ``None`` for never,
    or a date as text.
    """
    rules = [rule for rule in read_rules(s3, bucket) if rule.get("Status") == "Enabled"]
    return {
        "retention_days": _find_earliest(rule.get(key) for rule in rules for key in _EXPIRATIONS),
        "abort_uploads_days": _find_earliest(rule.get(_ABORT) for rule in rules),
    }


def _find_earliest(ends: Iterable[Mapping[str, Any] | None]) -> int | str | None:
    """A date, which no declaration of ours has, comes before all days: it must be seen."""
    found = [end for end in ends if end]
    for end in found:
        if "Date" in end:
            return str(end["Date"])
    names = ("Days", "NoncurrentDays", "DaysAfterInitiation")
    return min((int(end[name]) for end in found for name in names if name in end), default=None)


def read_rules(s3: Any, bucket: str) -> list[dict[str, Any]]:
    """Return the bucket's lifecycle rules, each with the keys of ``LifecycleRule`` in S3's API."""
    answer = none_if_missing(s3.get_bucket_lifecycle_configuration, Bucket=bucket)
    return list((answer or {}).get("Rules", []))


def read_statements(s3: Any, bucket: str) -> list[dict[str, Any]]:
    """Return the statements of the bucket's policy, each with the keys of IAM's JSON policies."""
    answer = none_if_missing(s3.get_bucket_policy, Bucket=bucket)
    found = json.loads(answer["Policy"]).get("Statement", []) if answer else []
    return [found] if isinstance(found, dict) else list(found)


def is_public(statement: Mapping[str, Any]) -> bool:
    """Whether a statement allows something to everybody."""
    everybody = statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
    return everybody and statement.get("Effect") == "Allow" and not statement.get("Condition")


def put_policy(
    s3: Any, bucket: str, current: object, statements: Sequence[Mapping[str, Any]]
) -> None:
    """Give the bucket a policy of these statements, or none.

    Args:
        s3: The client.
        bucket: The bucket's name.
        current: The statements of its policy now.
        statements: Those that it is to have.
    """
    if statements and statements != current:
        policy = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        s3.put_bucket_policy(Bucket=bucket, Policy=policy)
    elif current and not statements:
        s3.delete_bucket_policy(Bucket=bucket)
