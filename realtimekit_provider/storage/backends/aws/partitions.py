"""AWS' partitions, each with regions, ARNs and host names of its own."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Partition", "partition_of_region"]


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


def partition_of_region(region: str) -> Partition:
    """Return the partition that a region such as ``cn-north-1`` belongs to."""
    return next(
        (partition for start, partition in _PARTITIONS.items() if region.startswith(start)),
        _COMMERCIAL,
    )
