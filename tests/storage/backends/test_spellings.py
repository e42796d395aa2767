"""AWS knows a region in lower case alone, and a writer's folder without outer slashes."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.storage.backends.aws.partitions import build_bucket_arn
from realtimekit_provider.storage.backends.aws.write_policy import build_write_policy
from tests.storage.backends.aws.aws_setup import declared, parse_writer
from tests.storage.locations import locations
from tests.storage.writers import writers_of


@pytest.mark.usefixtures("aws_environment")
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_region_in_capitals_is_the_region(admin: Any, region: str) -> None:
    """A bucket is made there, found there by either spelling, and shows no drift."""
    location = declared(region=region.upper())
    backend = locations("aws")
    backend.create(location)
    assert admin.head_bucket(Bucket=location.bucket)["BucketRegion"] == region
    backend.create(declared(bucket=location.bucket, region=region))
    backend.create(location)
    assert backend.read(location) == location


@pytest.mark.usefixtures("aws_environment")
def test_a_writer_is_in_sync_in_either_spelling() -> None:
    """Its policy is not written again, and lets it write to the very folder."""
    location = declared()
    locations("aws").create(location)
    writer = parse_writer(location, prefix="calls/tracks", mark="ab12cd34")
    credential = writers_of("aws").create(writer, 1)
    for changed in ({"prefix": "/calls/tracks/"}, {"region": location.region.upper()}):
        spelled = parse_writer(location, mark="ab12cd34", **changed)
        assert writers_of("aws").is_in_sync(spelled, 1, credential)


def test_policies_of_two_spellings_are_equal() -> None:
    """The partition and the service that a KMS key may be used through are in lower case."""
    location = declared(bucket="recordings", region="cn-north-1")
    key = "arn:aws-cn:kms:cn-north-1:123456789012:key/k"
    one = parse_writer(location, kms_key=key, mark="m")
    other = parse_writer(location, kms_key=key, mark="m", region="CN-NORTH-1")
    assert build_write_policy(one) == build_write_policy(other)
    assert build_bucket_arn("recordings", "CN-NORTH-1") == "arn:aws-cn:s3:::recordings"
