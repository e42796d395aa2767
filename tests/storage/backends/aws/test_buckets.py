"""S3 buckets: how they are made, what somebody changed, and those that are somebody else's."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from botocore.stub import Stubber

from realtimekit_provider.errors import (
    StorageConflictError,
    StorageCredentialError,
    StorageNotFoundError,
    StorageSettingsError,
)
from realtimekit_provider.storage.backends.aws import bucket_settings, location_backend
from realtimekit_provider.storage.backends.aws.models import AwsLocation
from tests.storage.backends.aws.aws_setup import REGION, declared, keep_versions, settings_of
from tests.storage.locations import locations

pytestmark = pytest.mark.usefixtures("aws_environment")

DENIAL = {"Effect": "Deny", "Principal": "*", "Action": "s3:DeleteBucket", "Resource": "*"}
EXPIRATION = {
    "ID": "old",
    "Status": "Enabled",
    "Filter": {"Prefix": ""},
    "Expiration": {"Days": 9},
}


@pytest.fixture
def location() -> AwsLocation:
    """A bucket that is there."""
    location = declared(retention_days=30)
    locations("aws").create(location)
    return location


def test_a_bucket_lives_from_create_to_delete() -> None:
    location, backend = declared(retention_days=30, versioning=True), locations("aws")
    assert backend.read(location) is None
    backend.create(location)
    assert backend.read(location) == location
    assert backend.delete(location) == "deleted"
    assert backend.delete(location) == "deleted"
    assert backend.read(location) is None


@pytest.mark.parametrize("is_listed", [True, False])
def test_a_name_that_another_account_has_differs_from_a_missing_right(
    *, is_listed: bool, admin: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AWS answers 403 in both cases, and lists the buckets of the own account."""
    location = declared()
    stub = Stubber(admin)
    stub.add_client_error("head_bucket", "403", http_status_code=403)
    named = [location.bucket] if is_listed else []
    stub.add_response("list_buckets", {"Buckets": [{"Name": one} for one in named]})
    monkeypatch.setattr(location_backend, "create_client", lambda *_: admin)
    refusal = StorageCredentialError if is_listed else StorageConflictError
    with stub, pytest.raises(refusal, match="lack" if is_listed else "another account has"):
        locations("aws").create(location)


def test_a_bucket_of_an_interrupted_run_is_brought_to_what_is_declared(admin: Any) -> None:
    location = declared()
    elsewhere = {"LocationConstraint": REGION}
    admin_there = {"Bucket": location.bucket, "CreateBucketConfiguration": elsewhere}
    admin.create_bucket(**admin_there)
    locations("aws").create(location)
    assert locations("aws").read(location) == location


@pytest.mark.parametrize(
    ("setting", "values"),
    [
        ("put_bucket_versioning", {"VersioningConfiguration": {"Status": "Enabled"}}),
        ("put_bucket_policy", {"Policy": json.dumps({"Statement": [DENIAL]})}),
        (
            "put_bucket_lifecycle_configuration",
            {"LifecycleConfiguration": {"Rules": [EXPIRATION]}},
        ),
    ],
)
def test_a_new_bucket_with_a_setting_is_somebodys(
    admin: Any, setting: str, values: Mapping[str, Any]
) -> None:
    """No run of ours sets anything before it has marked the bucket."""
    location = declared()
    elsewhere = {"LocationConstraint": REGION}
    admin.create_bucket(Bucket=location.bucket, CreateBucketConfiguration=elsewhere)
    getattr(admin, setting)(Bucket=location.bucket, **values)
    with pytest.raises(StorageConflictError, match="it carries no mark"):
        locations("aws").create(location)


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1"])
def test_every_region_takes_a_bucket(admin: Any, region: str) -> None:
    location = declared(region=region)
    locations("aws").create(location)
    assert admin.head_bucket(Bucket=location.bucket)["BucketRegion"] == region


def test_a_bucket_is_private_encrypted_owner_enforced_and_tls_only(admin: Any) -> None:
    location = declared(tls_only=True, retention_days=30)
    locations("aws").create(location)
    named = {"Bucket": location.bucket}
    blocked = admin.get_public_access_block(**named)["PublicAccessBlockConfiguration"]
    assert blocked == dict.fromkeys(
        ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True
    )
    ownership = admin.get_bucket_ownership_controls(**named)["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    rules = admin.get_bucket_encryption(**named)["ServerSideEncryptionConfiguration"]["Rules"]
    assert rules[0]["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}
    assert locations("aws").read(location) == location


def test_whoever_comes_without_tls_is_denied_everything(admin: Any) -> None:
    """The stand-in overlooks the condition, so the policy's text is what is held."""
    location = declared(tls_only=True)
    locations("aws").create(location)
    arn = f"arn:aws:s3:::{location.bucket}"
    assert json.loads(admin.get_bucket_policy(Bucket=location.bucket)["Policy"]) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "RealtimeKitTlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [arn, f"{arn}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_a_policy_names_the_partition_of_its_region(region: str, partition: str) -> None:
    """The stand-in's users are of one partition, so no bucket is made."""
    statement = bucket_settings._build_tls_statement(declared(region=region, bucket="recordings"))
    assert statement["Resource"][0] == f"arn:{partition}:s3:::recordings"


def test_the_life_cycle_ends_old_objects_their_versions_and_unfinished_uploads(
    admin: Any, location: AwsLocation
) -> None:
    rules = admin.get_bucket_lifecycle_configuration(Bucket=location.bucket)["Rules"]
    assert {rule["ID"]: rule for rule in rules} == {
        "realtimekit-retention": {
            "ID": "realtimekit-retention",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "Expiration": {"Days": 30},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 30},
        },
        "realtimekit-unfinished-uploads": {
            "ID": "realtimekit-unfinished-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
        },
    }


@pytest.mark.parametrize(
    ("encryption", "as_s3_has_it"),
    [
        ("aws:kms", {"SSEAlgorithm": "aws:kms"}),
        (
            "arn:aws:kms:eu-west-1:123456789012:key/k",
            {
                "SSEAlgorithm": "aws:kms",
                "KMSMasterKeyID": "arn:aws:kms:eu-west-1:123456789012:key/k",
            },
        ),
    ],
)
def test_a_bucket_can_be_encrypted_with_a_key_of_kms(
    admin: Any, encryption: str, as_s3_has_it: Mapping[str, str]
) -> None:
    location = declared(encryption=encryption)
    locations("aws").create(location)
    answer = admin.get_bucket_encryption(Bucket=location.bucket)
    rule = answer["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == as_s3_has_it
    assert rule["BucketKeyEnabled"] is True
    assert locations("aws").read(location) == location


@pytest.mark.parametrize(
    "changed",
    [
        {"retention_days": 7},
        {"retention_days": None},
        {"retention_days": None, "abort_uploads_days": None},
        {"versioning": True},
        {"encryption": "aws:kms"},
        {"tls_only": True},
    ],
)
def test_a_declaration_that_changes_is_an_update(
    location: AwsLocation, changed: dict[str, Any]
) -> None:
    backend = locations("aws")
    now = AwsLocation(**{**location.model_dump(), **changed})
    backend.update(now)
    assert backend.read(now) == now
    backend.update(location)
    assert backend.read(location) == location


# Drift


def _open(s3: Any, bucket: str) -> None:
    s3.delete_public_access_block(Bucket=bucket)


def _open_one_of_four(s3: Any, bucket: str) -> None:
    flags = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "RestrictPublicBuckets": True}
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration=flags)


def _let_writers_own(s3: Any, bucket: str) -> None:
    controls = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)


def _disown(s3: Any, bucket: str) -> None:
    s3.delete_bucket_ownership_controls(Bucket=bucket)


def _encrypt_otherwise(s3: Any, bucket: str) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})


def _do_not_encrypt(s3: Any, bucket: str) -> None:
    s3.delete_bucket_encryption(Bucket=bucket)


def _keep_forever(s3: Any, bucket: str) -> None:
    s3.delete_bucket_lifecycle(Bucket=bucket)


def _rules(*rules: Mapping[str, Any]) -> Callable[[Any, str], None]:
    def put(s3: Any, bucket: str) -> None:
        found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
        whole = [{"Status": "Enabled", "Filter": {"Prefix": ""}, **rule} for rule in rules]
        s3.put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": [*found, *whole]}
        )

    return put


def _switch_rules_off(s3: Any, bucket: str) -> None:
    found = s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": [{**rule, "Status": "Disabled"} for rule in found]},
    )


@pytest.mark.parametrize(
    ("somebody", "shown"),
    [
        (_open, {"public_access": "open"}),
        (_open_one_of_four, {"public_access": "open"}),
        (_let_writers_own, {"ownership": "ObjectWriter"}),
        (_disown, {"ownership": "none"}),
        (_encrypt_otherwise, {"encryption": "aws:kms"}),
        (_do_not_encrypt, {"encryption": "none"}),
        (keep_versions, {"versioning": True}),
        (_keep_forever, {"retention_days": None, "abort_uploads_days": None}),
        (_switch_rules_off, {"retention_days": None, "abort_uploads_days": None}),
        (_rules({"ID": "tidy", "Expiration": {"Days": 1}}), {"retention_days": 1}),
        (
            _rules({"ID": "tidy", "Filter": {"Prefix": "calls/"}, "Expiration": {"Days": 2}}),
            {"retention_days": 2},
        ),
        (
            _rules({"ID": "v", "NoncurrentVersionExpiration": {"NoncurrentDays": 3}}),
            {"retention_days": 3},
        ),
    ],
)
def test_a_change_by_somebody_else_is_shown_and_undone(
    admin: Any, location: AwsLocation, somebody: Callable[[Any, str], None], shown: dict[str, Any]
) -> None:
    backend = locations("aws")
    somebody(admin, location.bucket)
    assert backend.read(location) == location.model_copy(update=shown)
    backend.update(location)
    assert backend.read(location) == location


def test_a_rule_that_ends_objects_on_a_day_is_shown(admin: Any, location: AwsLocation) -> None:
    """The stand-in gives the day as it was put: text is enough to differ from a number."""
    _rules({"ID": "end", "Expiration": {"Date": "2031-01-01T00:00:00Z"}})(admin, location.bucket)
    found = locations("aws").read(location)
    assert isinstance(found, AwsLocation)
    assert "2031-01-01" in str(found.retention_days)


def test_a_policy_that_lost_its_tls_statement_gets_it_again(admin: Any) -> None:
    location, backend = declared(tls_only=True), locations("aws")
    backend.create(location)
    admin.delete_bucket_policy(Bucket=location.bucket)
    assert backend.read(location) == location.model_copy(update={"tls_only": False})
    backend.update(location)
    assert backend.read(location) == location


def test_somebodys_own_statements_stay_except_those_that_open_the_bucket(admin: Any) -> None:
    location, backend = declared(tls_only=True), locations("aws")
    backend.create(location)
    arn = f"arn:aws:s3:::{location.bucket}/*"
    own = {
        "Sid": "Audit",
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::123456789012:root"},
        "Action": "s3:GetObject",
        "Resource": arn,
    }
    opening = {**own, "Sid": "World", "Principal": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [own, opening]})
    admin.put_bucket_policy(Bucket=location.bucket, Policy=policy)
    backend.update(location)
    found = json.loads(admin.get_bucket_policy(Bucket=location.bucket)["Policy"])["Statement"]
    assert [statement["Sid"] for statement in found] == ["Audit", "RealtimeKitTlsOnly"]


def test_a_rule_that_only_moves_objects_stays(admin: Any, location: AwsLocation) -> None:
    moves = {"ID": "cold", "Transitions": [{"Days": 30, "StorageClass": "GLACIER"}]}
    _rules(moves)(admin, location.bucket)
    assert locations("aws").read(location) == location
    locations("aws").update(location)
    rules = admin.get_bucket_lifecycle_configuration(Bucket=location.bucket)["Rules"]
    assert "cold" in {rule["ID"] for rule in rules}


# Buckets that are somebody else's


def test_an_existing_bucket_is_used_and_never_touched(admin: Any) -> None:
    location, backend = (
        declared(existing=True, on_delete="force", retention_days=1),
        locations("aws"),
    )
    there = {"LocationConstraint": REGION}
    admin.create_bucket(Bucket=location.bucket, CreateBucketConfiguration=there)
    admin.put_object(Bucket=location.bucket, Key="theirs", Body=b"1")
    before = settings_of(admin, location.bucket)
    backend.create(location)
    backend.update(location)
    assert backend.read(location) == location
    assert backend.delete(location) == "left"
    assert settings_of(admin, location.bucket) == before
    assert admin.get_object(Bucket=location.bucket, Key="theirs")["Body"].read() == b"1"


def test_an_existing_bucket_must_exist() -> None:
    location = declared(existing=True)
    with pytest.raises(StorageNotFoundError, match=f"{location.bucket} .*does not exist.*existing"):
        locations("aws").create(location)
    assert locations("aws").read(location) is None


@pytest.mark.parametrize("existing", [True, False])
def test_a_bucket_in_another_region_is_not_the_declared_one(
    location: AwsLocation, existing: bool
) -> None:
    elsewhere = AwsLocation(bucket=location.bucket, region="us-west-2", existing=existing)
    with pytest.raises(StorageSettingsError, match="is in the region eu-west-1"):
        locations("aws").create(elsewhere)


def test_somebodys_bucket_with_objects_is_not_taken_over(admin: Any) -> None:
    location = declared()
    there = {"LocationConstraint": REGION}
    admin.create_bucket(Bucket=location.bucket, CreateBucketConfiguration=there)
    admin.put_object(Bucket=location.bucket, Key="theirs", Body=b"1")
    before = settings_of(admin, location.bucket)
    with pytest.raises(StorageConflictError, match=r"exists already, .*no mark.*existing: true"):
        locations("aws").create(location)
    assert settings_of(admin, location.bucket) == before


def test_a_kept_bucket_is_taken_over_by_the_next_deployment(
    admin: Any, location: AwsLocation
) -> None:
    admin.put_object(Bucket=location.bucket, Key="calls/a.webm", Body=b"1")
    assert locations("aws").delete(location) == "kept"
    locations("aws").create(location)
    assert locations("aws").read(location) == location
