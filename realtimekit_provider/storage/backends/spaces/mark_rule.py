"""The mark of a Spaces bucket: the name of a lifecycle rule that is switched off.

Spaces has no tags for buckets
(https://docs.digitalocean.com/glossary/bucket/); what it keeps as it is given is the name of a
lifecycle rule.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from typing import Any

from realtimekit_provider.storage.backends.s3.bucket_settings import put_rules, read_rules

__all__ = ["build_mark_command", "is_mark_rule", "read_mark", "replace_mark"]

_MARK = "realtimekit-mark-"


def is_mark_rule(rule: Mapping[str, Any]) -> bool:
    """Whether a lifecycle rule is there for its name alone."""
    return str(rule.get("ID", "")).startswith(_MARK)


def read_mark(s3: Any, bucket: str) -> str | None:
    """Return the mark that the bucket carries, ``None`` where it carries none."""
    return _find_mark(read_rules(s3, bucket))


def replace_mark(s3: Any, bucket: str, before: str | None, mark: str) -> bool:
    """Mark the bucket unless its mark is no longer ``before``; return whether it was marked.

    All other rules stay.
    """
    rules = read_rules(s3, bucket)
    if _find_mark(rules) != before:
        return False
    put_rules(s3, bucket, _build_rules(rules, mark))
    return True


def build_mark_command(s3: Any, bucket: str, mark: str) -> str:
    """Return the command that marks the bucket and keeps all other rules."""
    rules = json.dumps({"Rules": _build_rules(read_rules(s3, bucket), mark)}, default=str)
    return (
        "aws s3api put-bucket-lifecycle-configuration "
        f"--endpoint-url {s3.meta.endpoint_url} --bucket {bucket} "
        f"--lifecycle-configuration {shlex.quote(rules)}"
    )


def _find_mark(rules: Iterable[Mapping[str, Any]]) -> str | None:
    marks = (str(rule["ID"]).removeprefix(_MARK) for rule in rules if is_mark_rule(rule))
    return next(marks, None)


def _build_rules(rules: Iterable[dict[str, Any]], mark: str) -> list[dict[str, Any]]:
    others = [rule for rule in rules if not is_mark_rule(rule)]
    rule = {
        "ID": f"{_MARK}{mark}",
        "Status": "Disabled",
        "Filter": {"Prefix": _MARK},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
    }
    return [*others, rule]
