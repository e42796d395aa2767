"""A track recording in a bucket, with a key, that ``pulumi_aws`` declares.

Only the gate is ours: it proves that the key writes before a recording uses it, and lets nothing
of the storage go before the last file has landed. Needs ``pip install pulumi-aws`` and the extra
``aws``::

    pulumi config set realtimekit:meetingId MEETING_ID
"""

import json

import pulumi
import pulumi_aws as aws

from realtimekit_provider import AwsStorageConfigArgs, LayerArgs, OutputArgs, TrackRecording
from realtimekit_provider.storage import StorageGate

PREFIX = "tracks"

config = pulumi.Config("realtimekit")


def write_policy(bucket_arn: str) -> str:
    """Allow writing below the prefix, and nothing else."""
    statement = {
        "Effect": "Allow",
        "Action": ["s3:PutObject", "s3:AbortMultipartUpload"],
        "Resource": f"{bucket_arn}/{PREFIX}/*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


# AWS deletes no bucket that holds objects: it stays when it is no longer declared.
bucket = aws.s3.Bucket("recordings", opts=pulumi.ResourceOptions(retain_on_delete=True))
aws.s3.BucketPublicAccessBlock(
    "recordings-are-private",
    bucket=bucket.id,
    block_public_acls=True,
    block_public_policy=True,
    ignore_public_acls=True,
    restrict_public_buckets=True,
)
writer = aws.iam.User("writer")
# Another prefix is another policy: the old one goes last, when nothing writes there any more.
policy = aws.iam.UserPolicy(
    f"writer-writes-{PREFIX}", user=writer.name, policy=bucket.arn.apply(write_policy)
)
key = aws.iam.AccessKey("writer-key", user=writer.name)

gate = StorageGate(
    "recordings-gate",
    storage_config=AwsStorageConfigArgs(
        bucket=bucket.bucket,
        region=bucket.region,
        path=PREFIX,
        access_key=key.id,
        secret=key.secret,
    ),
    created_by_stack=True,
    opts=pulumi.ResourceOptions(depends_on=[policy]),
)

standup = TrackRecording(
    "standup",
    meeting_id=config.require("meetingId"),
    layers={
        "default": LayerArgs(
            outputs=[OutputArgs(type="STORAGE_CONFIG", storage_config=gate.storage_config)]
        )
    },
    on_no_session="skip",
)

pulumi.export("status", standup.status)
pulumi.export("bucket", bucket.bucket)
