"""What an IAM user that recordings are written with may do."""

from __future__ import annotations

import re
from typing import Any

from realtimekit_provider.schema.normal_forms import normalize_prefix, normalize_region
from realtimekit_provider.storage.backends.aws.models import AwsWriter
from realtimekit_provider.storage.backends.aws.partitions import build_bucket_arn, get_partition

__all__ = ["build_write_policy"]


def build_write_policy(writer: AwsWriter) -> dict[str, Any]:
    """Return the policy: put objects below the prefix, and abort unfinished uploads.

    With a key of KMS it may also have that key encrypt. Decrypting is part of it, because S3
    reads the parts of a large upload to complete it; it is allowed through S3 alone, where the
    writer may not get an object.

    Keys: ``Version`` and ``Statement``, as in every IAM policy.
    """
    prefix = normalize_prefix(writer.prefix)
    below = f"{_escape_patterns(prefix)}/*" if prefix else "*"
    write = {
        "Sid": "WriteRecordings",
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
        "Resource": f"{build_bucket_arn(writer.bucket, writer.region)}/{below}",
    }
    encrypt = [_build_encrypt_statement(writer)] if writer.kms_key else []
    return {"Version": "2012-10-17", "Statement": [write, *encrypt]}


def _build_encrypt_statement(writer: AwsWriter) -> dict[str, Any]:
    region = normalize_region(writer.region)
    through_s3 = f"s3.{region}.{get_partition(region).domain}"
    return {
        "Sid": "EncryptRecordings",
        "Effect": "Allow",
        "Action": ["kms:GenerateDataKey", "kms:Decrypt"],
        "Resource": writer.kms_key,
        "Condition": {"StringEquals": {"kms:ViaService": through_s3}},
    }


def _escape_patterns(prefix: str) -> str:
    """In a policy ``*``, ``?`` and ``$`` are patterns, unless they are written as variables."""
    return re.sub(r"[*?$]", lambda found: f"${{{found.group()}}}", prefix)
