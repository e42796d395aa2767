"""AWS' partitions, each with regions, ARNs and host names of its own."""

from __future__ import annotations

from typing import NamedTuple

from realtimekit_provider.schema.normal_forms import normalize_region

__all__ = ["Partition", "build_bucket_arn", "get_partition"]


class Partition(NamedTuple):
    """A partition of AWS.

    Attributes:
        name: What an ARN has after ``arn:``.
        domain: How the host names of its services end.
    """

    name: str
    domain: str


_COMMERCIAL = Partition("aws", "amazonaws.com")
_PARTITIONS = {
    "cn-": Partition("aws-cn", "amazonaws.com.cn"),
    "us-gov-": Partition("aws-us-gov", "amazonaws.com"),
    "eusc-": Partition("aws-eusc", "amazonaws.eu"),
}
"""The partitions by how the names of their regions begin; all other regions are commercial ones."""


def get_partition(region: str) -> Partition:
    """Return the partition that a region such as ``cn-north-1`` belongs to."""
    name = normalize_region(region)
    return next(
        (partition for start, partition in _PARTITIONS.items() if name.startswith(start)),
        _COMMERCIAL,
    )


def build_bucket_arn(bucket: str, region: str) -> str:
    """Return the ARN of a bucket in a region."""
    return f"arn:{get_partition(region).name}:s3:::{bucket}"
