"""A missing right is named as the cloud names it, and with it what it is missing on."""

from __future__ import annotations

import json

import pytest

from realtimekit_provider.errors import StorageCredentialError, StorageError, StorageSettingsError
from realtimekit_provider.storage.backends.aws.write_probe import AwsWriteProbe
from realtimekit_provider.storage.backends.azure.errors import ERROR_CODES
from realtimekit_provider.storage.backends.azure.write_probe import AzureWriteProbe
from realtimekit_provider.storage.backends.errors import ErrorContext
from realtimekit_provider.storage.backends.gcs.api import ApiResponse, Operation
from realtimekit_provider.storage.backends.gcs.errors import build_response_error
from realtimekit_provider.storage.gate.inputs import parse_storage_config
from tests.storage.backends.refusing_server import (
    azure_refusal,
    point_to,
    refusing_server,
    s3_refusal,
)

KMS_KEY = "arn:aws:kms:eu-central-1:123456789012:key/ab12"
USER = "User: arn:aws:iam::123456789012:user/archive"
NOT_GRANTED = "because no identity-based policy allows it"
DENIED = "with an explicit deny in a resource-based policy"
INSERT = Operation("objects.insert", "storage.objects.create")
CONTEXT = ErrorContext("The bucket acme (gcs, EU)", "Google", "the credentials", "Log in.", "acme")


def _build_message(action: str, resource: str, reason: str) -> str:
    return f"{USER} is not authorized to perform: {action} on resource: {resource} {reason}"


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            _build_message("kms:GenerateDataKey", KMS_KEY, NOT_GRANTED),
            f"lack kms:GenerateDataKey. Grant it on {KMS_KEY}. AWS says",
        ),
        (
            _build_message("s3:PutObjectTagging", '"arn:aws:s3:::x"', NOT_GRANTED),
            "lack s3:PutObjectTagging. Grant it on arn:aws:s3:::x. AWS says",
        ),
        (f"{USER} is not authorized to perform: sts:AssumeRole", "lack sts:AssumeRole. Grant it"),
        ("", "lack s3:PutObject. Grant it on arn:aws:s3:::"),
        ("Access Denied", "lack s3:PutObject. Grant it on arn:aws:s3:::"),
        (
            _build_message("s3:PutObject", "arn:aws:s3:::x", DENIED),
            "a policy denies s3:PutObject to the credentials of the storage_config",
        ),
    ],
)
def test_s3_names_the_action_that_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch, message: str, text: str
) -> None:
    """A bucket under a KMS key needs a right on that key; one that is denied cannot be granted."""
    with refusing_server(s3_refusal("AccessDenied", message)) as server:
        config = parse_storage_config(point_to("aws", server.url, monkeypatch))
        with pytest.raises(StorageCredentialError) as caught:
            AwsWriteProbe().check(config, None)
    assert text in str(caught.value)
    assert "AWS says: None" not in str(caught.value)


def test_s3_names_a_kms_key_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with refusing_server(s3_refusal("KMS.DisabledException", "is disabled", 400)) as server:
        config = parse_storage_config(point_to("aws", server.url, monkeypatch))
        with pytest.raises(StorageSettingsError, match="the KMS key that the bucket encrypts with"):
            AwsWriteProbe().check(config, None)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (
            "a@b.test does not have storage.objects.delete access to the object.",
            "lack storage.objects.delete. Grant it on acme",
        ),
        ("Permission 'storage.buckets.get' denied on resource", "lack storage.buckets.get. Grant"),
        ("Forbidden", "lack storage.objects.create. Grant it on acme"),
        ("Permission denied on Cloud KMS key. Please ensure …", "cryptoKeyEncrypterDecrypter"),
    ],
)
def test_google_names_the_permission_that_is_missing(message: str, text: str) -> None:
    """That of the operation only where the answer names none."""
    error = {"error": {"code": 403, "message": message, "errors": [{"reason": "forbidden"}]}}
    response = ApiResponse(403, json.loads(json.dumps(error)), {})
    assert text in str(build_response_error(INSERT, response, CONTEXT))


@pytest.mark.parametrize(
    ("code", "status", "error", "text"),
    [
        ("AuthorizationPermissionMismatch", 403, StorageCredentialError, "(sp=cw in a SAS)"),
        ("AuthorizationProtocolMismatch", 403, StorageSettingsError, "it takes https only"),
        ("AccountRequiresHttps", 400, StorageSettingsError, "DefaultEndpointsProtocol=https"),
        ("AuthorizationSourceIPMismatch", 403, StorageCredentialError, "address of this machine"),
        ("AuthorizationResourceTypeMismatch", 403, StorageCredentialError, "(ss=b, srt=co)"),
        ("KeyVaultEncryptionKeyNotFound", 403, StorageSettingsError, "wrapKey"),
    ],
)
def test_azure_names_what_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    code: str,
    status: int,
    error: type[StorageError],
    text: str,
) -> None:
    """A right, the protocol, the address, the kind of thing, or the key that it encrypts with."""
    with refusing_server(azure_refusal(code, status)) as server:
        config = parse_storage_config(point_to("azure", server.url, monkeypatch))
        with pytest.raises(error) as caught:
            AzureWriteProbe().check(config, None)
    assert text in str(caught.value)
    assert code not in ERROR_CODES or len(server.requests) == 1
