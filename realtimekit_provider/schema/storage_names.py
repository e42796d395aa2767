"""Names of storage: buckets and containers, regions, paths."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator

from realtimekit_provider.schema.values import match_pattern

__all__ = [
    "BucketName",
    "ContainerName",
    "ObjectPath",
    "ProjectId",
    "RegionName",
    "StorageAccountName",
    "WriterName",
    "check_gcs_bucket_name",
    "check_kms_key",
    "check_s3_bucket_name",
    "has_region_form",
]

BucketName = Annotated[
    str,
    match_pattern(
        r"[A-Za-z0-9][A-Za-z0-9._-]{1,220}[A-Za-z0-9]",
        "must be a bucket's name alone: 3 or more letters, digits, '.', '_' or '-'",
    ),
]
"""The name of a bucket or container, without scheme, host or path."""

ContainerName = Annotated[
    str,
    match_pattern(
        r"(?=.{3,63}$)[a-z0-9](-?[a-z0-9])+",
        "must be a container's name: 3 to 63 lower-case letters, digits and single '-' between "
        "them",
    ),
]
"""The name of a blob container."""

StorageAccountName = Annotated[
    str,
    match_pattern(
        r"[a-z0-9]{3,24}", "must be a storage account's name: 3 to 24 lower-case letters and digits"
    ),
]
"""The name of an Azure storage account."""

ProjectId = Annotated[
    str,
    match_pattern(
        r"[a-z][a-z0-9-]{4,28}[a-z0-9]",
        "must be a project's id: 6 to 30 lower-case letters, digits and '-', beginning with a "
        "letter",
    ),
]
"""The id of a Google Cloud project, which is not its number or display name."""

WriterName = Annotated[
    str,
    match_pattern(
        r"[a-z][a-z0-9-]{0,31}",
        "must be 1 to 32 lower-case letters, digits and '-', beginning with a letter",
    ),
]
"""What the name of a writer's identity in the cloud begins with."""

RegionName = Annotated[
    str, match_pattern(r"[A-Za-z0-9-]+", "must be a region's name, such as us-east-1")
]
"""The name of a cloud's region, in the cloud's own spelling."""

_COMPASS = "(?:central|(?:north|south)(?:east|west)?|east|west)"
_REGION_FORMS: Mapping[str, re.Pattern[str]] = {
    "aws": re.compile(rf"[a-z]{{2,4}}-(?:[a-z]{{2,4}}-)?{_COMPASS}-\d+"),
    "digitalocean": re.compile(r"[a-z]{3}\d+"),
    "gcs": re.compile(rf"[a-z]+-{_COMPASS}\d+|(?:asia|eu|eur|in|nam|us)\d*"),
}
"""How the regions of each type of storage are named, those that a cloud will add included."""


def has_region_form(region: str, storage_type: str) -> bool:
    """Whether a region, in any case, is named as those of a type of storage are."""
    form = _REGION_FORMS.get(storage_type)
    return form is None or form.fullmatch(region.lower()) is not None


_S3_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_S3_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_KMS_KEY = re.compile(r"arn:aws[a-z-]*:kms:([a-z0-9-]+):\d+:key/[A-Za-z0-9-]+")


def check_s3_bucket_name(name: str) -> str:
    """Return the name of a bucket that is to be created in a cloud that speaks S3.

    Raises:
        ValueError: No such bucket can be created.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name):
        raise ValueError(
            "must be the name of a new bucket: 3 to 63 lower-case letters, digits, '.' and '-', "
            "with a letter or digit at both ends"
        )
    _refuse_address(name)
    if ".." in name:
        raise ValueError("must not contain '..'")
    if name.startswith(_S3_PREFIXES):
        raise ValueError(f"must not begin with {', '.join(_S3_PREFIXES)}: AWS keeps that")
    if name.endswith(_S3_SUFFIXES):
        raise ValueError(f"must not end with {', '.join(_S3_SUFFIXES)}: AWS keeps that")
    return name


def check_gcs_bucket_name(name: str) -> str:
    """Return the name of a bucket that is to be created in Cloud Storage.

    Raises:
        ValueError: No such bucket can be created.
    """
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]", name) or not all(
        1 <= len(part) <= 63  # noqa: PLR2004 - as the rule says
        for part in name.split(".")
    ):
        raise ValueError(
            "must be the name of a new bucket: 3 to 63 lower-case letters, digits, '-' and '_' "
            "(with '.' up to 222), with a letter or digit at both ends"
        )
    _refuse_address(name)
    if name.startswith("goog") or re.search("g[o0]{2}g[l1]e", name):
        raise ValueError(
            "must not begin with 'goog' or contain 'google' or what looks like it, such as "
            "'g00gle': Google keeps that"
        )
    return name


def check_kms_key(arn: str, region: str | None) -> str:
    """Return the ARN of a KMS key in ``region``, in any region if that is ``None``.

    Raises:
        ValueError: It is no ARN of a key, or that of a key elsewhere.
    """
    if ":alias/" in arn:
        raise ValueError(
            "must be the ARN of the key, not of an alias, on which no right can be granted: "
            "'aws kms describe-key --key-id ALIAS' prints it"
        )
    match = _KMS_KEY.fullmatch(arn)
    if match is None:
        raise ValueError("must be the ARN of a KMS key, arn:aws:kms:REGION:ACCOUNT:key/ID")
    if region is not None and match[1] != region.lower():
        raise ValueError(
            f"must be a key in the bucket's region {region}: this one is in {match[1]}"
        )
    return arn


def _refuse_address(name: str) -> None:
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", name):
        raise ValueError("must not look like an IP address")


def _check_object_path(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f\\]", text):
        raise ValueError("must not contain control characters or backslashes")
    if ".." in text.split("/"):
        raise ValueError("must not contain '..'")
    return text


ObjectPath = Annotated[str, AfterValidator(_check_object_path)]
"""A folder in a bucket or on a server, its parts separated by ``/``."""
