"""AWS' partitions, which follow from the region."""

from __future__ import annotations

import botocore.session
import pytest

from realtimekit_provider.api.models.storage_config import AwsStorageConfig
from realtimekit_provider.schema.storage_names import has_region_form
from realtimekit_provider.storage.backends.aws import bucket_settings, write_probe
from realtimekit_provider.storage.backends.aws.location_backend import AwsLocationBackend
from realtimekit_provider.storage.backends.aws.models import AwsLocation, AwsWriter
from realtimekit_provider.storage.backends.aws.partitions import Partition, get_partition
from realtimekit_provider.storage.backends.aws.write_policy import build_write_policy

SESSION = botocore.session.get_session()
PARTITIONS = {
    one["id"]: Partition(one["id"], one["outputs"]["dnsSuffix"])
    for one in SESSION.get_data("partitions")["partitions"]
    if not one["id"].startswith("aws-iso")  # not on the Internet, where Cloudflare is
}
REGIONS = [
    (region, partition)
    for name, partition in PARTITIONS.items()
    for region in SESSION.get_available_regions("s3", name)
]


@pytest.mark.parametrize(("region", "partition"), REGIONS)
def test_every_region_is_in_the_partition_that_the_sdk_knows(
    region: str, partition: Partition
) -> None:
    assert get_partition(region) == partition
    assert has_region_form(region, "aws")


REGION_OF_EACH = {partition: region for region, partition in reversed(REGIONS)}


def test_every_partition_has_a_region_to_test_with() -> None:
    """Those of the SDK that are on the Internet."""
    assert {*REGION_OF_EACH} == {*PARTITIONS.values()}
    assert {one.name for one in REGION_OF_EACH} >= {"aws", "aws-cn", "aws-us-gov", "aws-eusc"}


@pytest.mark.parametrize(
    ("region", "partition", "through"),
    [
        (region, partition.name, f"s3.{region}.{partition.domain}")
        for partition, region in REGION_OF_EACH.items()
    ],
)
def test_policies_of_bucket_and_writer_have_the_same_partition(
    region: str, partition: str, through: str
) -> None:
    """So have the ARNs that an error names, and the service that a KMS key may be used through."""
    location = AwsLocation(bucket="recordings", region=region)
    key = f"arn:{partition}:kms:{region}:123456789012:key/k"
    writer = AwsWriter(name="a", mark="m", bucket="recordings", region=region, kms_key=key)
    credential = {"access_key": "CANARY-id", "secret": "CANARY-secret"}
    config = AwsStorageConfig.model_validate(
        {"type": "aws", "bucket": "recordings", "region": region, **credential}
    )
    bucket_arn = f"arn:{partition}:s3:::recordings"
    write, encrypt = build_write_policy(writer)["Statement"]
    assert bucket_settings._build_tls_statement(location)["Resource"] == [
        bucket_arn,
        f"{bucket_arn}/*",
    ]
    assert write["Resource"] == f"{bucket_arn}/*"
    assert encrypt["Condition"]["StringEquals"]["kms:ViaService"] == through
    with AwsLocationBackend().connect(location) as client:
        assert client._context.resource == bucket_arn
    assert write_probe._build_context(config).resource == f"{bucket_arn}/*"
