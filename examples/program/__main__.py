"""A track recording, declared in a program of one's own instead of a stack's config.

Account and app come from ``realtimekit:accountId`` and ``realtimekit:appId`` or the environment,
the bucket's credential from two encrypted keys::

    pulumi config set --secret realtimekit:writerKeyId
    pulumi config set --secret realtimekit:writerSecret
"""

import pulumi

from realtimekit_provider import AwsStorageConfigArgs, LayerArgs, OutputArgs, TrackRecording

config = pulumi.Config("realtimekit")

bucket = AwsStorageConfigArgs(
    bucket="example-standup",
    region="eu-central-1",
    path=pulumi.get_stack(),
    access_key=config.require_secret("writerKeyId"),
    secret=config.require_secret("writerSecret"),
)

standup = TrackRecording(
    "standup",
    meeting_id=config.require("meetingId"),
    max_seconds=3600,
    layers={
        "default": LayerArgs(
            file_name_prefix="standup_{mark}",
            outputs=[
                OutputArgs(type="REALTIMEKIT_BUCKET"),
                OutputArgs(type="STORAGE_CONFIG", storage_config=bucket),
            ],
        )
    },
    on_no_session="skip",
)

pulumi.export("status", standup.status)
pulumi.export("file", standup.output_file_name)
