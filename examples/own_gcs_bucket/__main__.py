"""A track recording in a bucket, with a key, that ``pulumi_gcp`` declares.

Only the gate is ours: it proves that the key writes before a recording uses it, and lets nothing
of the storage go before the last file has landed. Needs ``pip install pulumi-gcp`` and the extra
``gcs``::

    pulumi config set realtimekit:meetingId MEETING_ID
"""

import base64

import pulumi
import pulumi_gcp as gcp

from realtimekit_provider import GcsStorageConfigArgs, LayerArgs, OutputArgs, TrackRecording
from realtimekit_provider.storage import StorageGate

PREFIX = "tracks"
REGION = "europe-west1"

config = pulumi.Config("realtimekit")


def only_below_the_prefix(bucket_name: str) -> str:
    """Return the condition, in Google's expression language."""
    return f'resource.name.startsWith("projects/_/buckets/{bucket_name}/objects/{PREFIX}/")'


def key_file(encoded: str) -> str:
    """Return the key file's JSON, which the provider gives in base64."""
    return base64.b64decode(encoded).decode()


# Google deletes no bucket that holds objects: it stays when it is no longer declared.
bucket = gcp.storage.Bucket(
    "recordings",
    location=REGION,
    uniform_bucket_level_access=True,
    public_access_prevention="enforced",
    opts=pulumi.ResourceOptions(retain_on_delete=True),
)
writer = gcp.serviceaccount.Account("writer", account_id="recordings-writer")
may_write = gcp.storage.BucketIAMMember(
    "writer-writes",
    bucket=bucket.name,
    role="roles/storage.objectCreator",
    member=writer.member,
    condition=gcp.storage.BucketIAMMemberConditionArgs(
        title="below-the-prefix", expression=bucket.name.apply(only_below_the_prefix)
    ),
)
key = gcp.serviceaccount.Key("writer-key", service_account_id=writer.name)

gate = StorageGate(
    "recordings-gate",
    storage_config=GcsStorageConfigArgs(
        bucket=bucket.name,
        region=REGION,
        path=PREFIX,
        secret=pulumi.Output.secret(key.private_key.apply(key_file)),
    ),
    created_by_stack=True,
    opts=pulumi.ResourceOptions(depends_on=[may_write]),
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
pulumi.export("bucket", bucket.name)
