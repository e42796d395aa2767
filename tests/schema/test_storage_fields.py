"""Names, addresses and numbers of storage: each rule is told in words, at its own field."""

from __future__ import annotations

from typing import Any

import pytest

from realtimekit_provider.recordings.inputs import validate_inputs
from realtimekit_provider.schema.input_failures import validate_model
from realtimekit_provider.schema.unknown import UNKNOWN
from realtimekit_provider.storage.backends.aws.models import AwsLocation, AwsWriter
from realtimekit_provider.storage.backends.aws.partitions import get_partition
from realtimekit_provider.storage.backends.azure.models import AzureLocation
from realtimekit_provider.storage.backends.gcs.models import GcsLocation
from realtimekit_provider.storage.backends.spaces.models import SpacesLocation
from tests.bad_inputs import CONFIG
from tests.example_values import CANARY, STORAGE, build_inputs, build_layers

AWS = {"bucket": "acme-recordings", "region": "eu-west-1"}
GCS = {**AWS, "project": "acme-prod"}
SPACES = {"bucket": "acme-recordings", "region": "FRA1"}
KEY = "arn:aws:kms:eu-west-1:012345678901:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def find_failure(model: Any, given: dict[str, Any], field: str) -> str:
    [failure] = validate_model(model, given)
    assert failure.path == field
    assert "pattern" not in failure.reason
    return failure.reason


REFUSED_BY_S3 = (
    *("My_Recordings", "a..b", "192.168.5.4", "a" * 64, "xn--a", "a-s3alias"),
    *("acme_recordings", "-acme", "acme.", "sthree-acme", "acme--x-s3", "amzn-s3-demo-acme"),
)


@pytest.mark.parametrize("name", REFUSED_BY_S3)
@pytest.mark.parametrize(("model", "given"), [(AwsLocation, AWS), (SpacesLocation, SPACES)])
def test_a_bucket_that_cannot_be_created_is_reported_in_words(
    model: Any, given: dict[str, Any], name: str
) -> None:
    """S3 would answer that the credentials are wrong."""
    assert find_failure(model, {**given, "bucket": name}, "bucket").startswith("must ")


@pytest.mark.parametrize("name", ["My_Recordings", "a..b", "a" * 100])
def test_a_bucket_that_exists_may_have_an_old_name(name: str) -> None:
    """S3 still has such buckets; so may others."""
    assert not list(validate_model(AwsLocation, {**AWS, "bucket": name, "existing": True}))
    assert not list(validate_model(GcsLocation, {**GCS, "bucket": name, "existing": True}))


@pytest.mark.parametrize(
    "name", ["Acme", "goog-acme", "my-google", "my-g00gle", "10.0.0.1", "a" * 64, "-acme", "a..b"]
)
def test_a_bucket_that_google_refuses_is_reported_in_words(name: str) -> None:
    """Its rule is another than that of S3."""
    assert find_failure(GcsLocation, {**GCS, "bucket": name}, "bucket").startswith("must ")


def test_names_that_a_cloud_allows_are_allowed() -> None:
    """The edges of each rule."""
    for name in ("abc", "a.b-c", "1" * 63):
        assert not list(validate_model(AwsLocation, {**AWS, "bucket": name}))
    for name in ("acme_recordings", "files.acme.example", "a" * 63):
        assert not list(validate_model(GcsLocation, {**GCS, "bucket": name}))


@pytest.mark.parametrize(
    ("model", "field", "value", "words"),
    [
        (AzureLocation, "account", "Acme", "3 to 24 lower-case letters and digits"),
        (AzureLocation, "container", "a--b", "single '-' between them"),
        (GcsLocation, "project", "Acme", "6 to 30 lower-case letters"),
        (AwsWriter, "name", "Acme", "1 to 32 lower-case letters"),
        (AwsLocation, "encryption", "none", "AES256, aws:kms or the ARN"),
    ],
)
def test_a_rule_is_reported_in_words(model: Any, field: str, value: str, words: str) -> None:
    """Nobody reads a regular expression at night."""
    [reason] = [one.reason for one in validate_model(model, {field: value}) if one.path == field]
    assert words in reason


@pytest.mark.parametrize(
    ("arn", "words"),
    [
        ("arn:aws:kms:eu-west-1:012345678901:alias/acme", "not of an alias"),
        (KEY.replace("eu-west-1", "eu-central-1"), "region eu-west-1: this one is in eu-central-1"),
        ("arn:aws:kms:eu-west-1:acme:key/x", "must be the ARN of a KMS key"),
    ],
)
def test_a_kms_key_that_no_right_can_be_granted_on_is_reported(arn: str, words: str) -> None:
    """For the bucket and for its writer."""
    assert words in find_failure(AwsLocation, {**AWS, "encryption": arn}, "encryption")
    writer = {**AWS, "name": "archive", "mark": "rk0", "kms_key": arn}
    assert words in find_failure(AwsWriter, writer, "kms_key")


@pytest.mark.parametrize(
    ("region", "partition"),
    [("cn-northwest-1", "aws"), ("eusc-de-east-1", "aws"), ("eu-west-1", "aws-cn")],
)
def test_a_kms_key_of_another_partition_is_reported(region: str, partition: str) -> None:
    """With the region in it: AWS finds no such key, or refuses the whole policy."""
    arn = f"arn:{partition}:kms:{region}:012345678901:key/1234abcd"
    failure = find_failure(AwsLocation, {**AWS, "region": region, "encryption": arn}, "encryption")
    assert f"this one begins with 'arn:{partition}:'" in failure
    right = arn.replace(f"arn:{partition}:", f"arn:{get_partition(region).name}:")
    assert not list(validate_model(AwsLocation, {**AWS, "region": region, "encryption": right}))


def test_a_kms_key_of_the_region_is_accepted() -> None:
    """In any spelling of the region, and while that is unknown."""
    for region in ("eu-west-1", "EU-WEST-1", UNKNOWN):
        given = {**AWS, "region": region, "encryption": KEY}
        assert not list(validate_model(AwsLocation, given))


@pytest.mark.parametrize(
    ("endpoint", "words"),
    [
        ("https://acme.fra1.digitaloceanspaces.com", "has the name of a bucket in it"),
        ("https://acme.fra1.cdn.digitaloceanspaces.com", "is the address of the CDN"),
        ("https://fra1.cdn.digitaloceanspaces.com", "is the address of the CDN"),
        ("https://sgp1.digitaloceanspaces.com", "is the endpoint of another region, sgp1"),
    ],
)
def test_an_endpoint_of_spaces_that_is_another_is_reported(endpoint: str, words: str) -> None:
    """With the one to write."""
    reason = find_failure(SpacesLocation, {**SPACES, "endpoint": endpoint}, "endpoint")
    assert words in reason
    assert reason.endswith("use https://fra1.digitaloceanspaces.com")


def test_other_endpoints_are_accepted() -> None:
    """The region's own, and one that is no public one."""
    for endpoint in ("https://fra1.digitaloceanspaces.com", "https://spaces.example"):
        assert not list(validate_model(SpacesLocation, {**SPACES, "endpoint": endpoint}))


def find_sftp_failures(**changes: Any) -> list[tuple[str, str]]:
    layers = build_layers({**STORAGE["sftp"], **changes})
    failures = validate_inputs(build_inputs(layers=layers))
    assert CANARY not in repr(failures)
    return [(failure.path, failure.reason) for failure in failures]


@pytest.mark.parametrize("path", ["~", "~/recordings", "~recorder/in"])
def test_a_tilde_is_no_home(path: str) -> None:
    """A folder of that name would be made."""
    [(where, reason)] = find_sftp_failures(path=path)
    assert where == f"{CONFIG}.path"
    assert "in the user's home anyway" in reason
    assert find_sftp_failures(path=f"in/{path}") == []


@pytest.mark.parametrize(
    "host",
    [
        *("::1", "[::1]", "[2001:db8::1]", "archive_host.internal", "bücher.example"),
        *("archive.example.com.", "xn--bcher-kva.example", "h"),
    ],
)
def test_hosts_that_exist_are_accepted(host: str) -> None:
    """Underscores, other scripts, a root's dot, and brackets around an address."""
    assert find_sftp_failures(host=host) == []


@pytest.mark.parametrize("host", ["[h]", "[::1]:22", "-h", "h-", "a..b", "a" * 64, "h;x", "u@h"])
def test_other_texts_are_no_hosts(host: str) -> None:
    """Neither with a port nor with what no name has."""
    assert [path for path, _ in find_sftp_failures(host=host)] == [f"{CONFIG}.host"]


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("meeting_id", 20261127.0, "is the number 20261127: quote it"),
        ("meeting_id", 1.5, "is the number 1.5: quote it"),
        ("meeting_id", 10**400, f"is the number {10**400}: quote it"),
        ("meeting_id", float("inf"), "is the number inf: quote it"),
        ("meeting_id", True, "is true or false: quote it"),
        ("meeting_id", ["m"], "must be text"),
        ("layers", {"default": None}, "must be a mapping: write 'default: {}'"),
        ("layers", {"default": "x"}, "must be a mapping"),
        ("layers", {"default": {"outputs": "x"}}, "must be a list"),
    ],
)
def test_a_value_of_another_type_is_reported_as_yaml_has_it(
    field: str, value: Any, words: str
) -> None:
    """And what to write instead."""
    [failure] = validate_inputs(build_inputs(**{field: value}))
    assert failure.reason.startswith(words)


def test_a_credential_that_became_a_number_is_not_quoted() -> None:
    """Its digits are the credential."""
    [(path, reason)] = find_sftp_failures(password=123456789.0)
    assert path == f"{CONFIG}.password"
    assert reason.startswith("is a number: quote it")
    assert "123" not in reason
