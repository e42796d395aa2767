"""A program that gives an output to every argument that a program can give.

mypy reads it with the other tests; an engine test previews it. The outputs are unknown in a first
preview, as those of another provider's resource.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, TypeVar

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

from realtimekit_provider import (
    AwsStorageConfigArgs,
    AzureStorageConfigArgs,
    DigitalOceanStorageConfigArgs,
    GcsStorageConfigArgs,
    LayerArgs,
    OutputArgs,
    SftpStorageConfigArgs,
    TrackRecording,
)
from realtimekit_provider.storage import (
    AwsRecordingBucket,
    AzureRecordingContainer,
    GcsRecordingBucket,
    SftpRecordingFolder,
    SpacesRecordingBucket,
    StorageGate,
)

T = TypeVar("T")


class ForeignProvider(ResourceProvider):
    """A provider of the program's own."""

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Create nothing."""
        return CreateResult("foreign", props)


class Foreign(Resource):
    """A resource of another provider."""


foreign = Foreign(ForeignProvider(), "foreign", {})
given: dict[str, str] = json.loads(Path("given.json").read_text(encoding="utf-8"))
"""What has to be of the right form: keys and hosts."""


def later(value: T) -> pulumi.Output[T]:
    """Return an output that is known when the foreign resource exists."""
    return foreign.id.apply(lambda _: value)


app = {"account_id": later("an-account"), "app_id": later("an-app")}
apps = later([app])

AwsRecordingBucket(
    "aws",
    bucket=later("acme-outputs-aws"),
    region=later("eu-west-1"),
    prefix=later("/calls/tracks/"),
    existing=later(value=False),
    on_delete=later("force"),
    key_generation=later(1),
    retention_days=later(30),
    abort_uploads_days=later(3),
    encryption=later("arn:aws:kms:eu-west-1:123456789012:key/a"),
    versioning=later(value=True),
    tls_only=later(value=False),
    apps=apps,
    write_test=later(value=False),
    upload_deadline=later(60),
)
AwsRecordingBucket(
    "aws-given",
    bucket=later("acme-given-aws"),
    region=later("eu-west-1"),
    existing=later(value=True),
    access_key=later("an-id"),
    secret=later("a-secret"),
    apps=apps,
)
AzureRecordingContainer(
    "azure-given",
    account=later("acme"),
    container=later("acme-given-azure"),
    existing=later(value=True),
    access_key=later(given["connection_string"]),
    apps=apps,
)
AzureRecordingContainer(
    "azure",
    account=later("acme"),
    container=later("acme-outputs-azure"),
    prefix=later("/calls/tracks/"),
    existing=later(value=False),
    on_delete=later("force"),
    key_generation=later(1),
    valid_days=later(30),
    apps=apps,
    write_test=later(value=False),
    upload_deadline=later(60.5),
)
GcsRecordingBucket(
    "gcs",
    bucket=later("acme-outputs-gcs"),
    region=later("europe-west1"),
    project=later("acme-prod"),
    prefix=later("/calls/tracks/"),
    key=later(given["service_account"]),
    existing=later(value=False),
    on_delete=later("force"),
    key_generation=later(1),
    retention_days=later(30),
    versioning=later(value=True),
    apps=apps,
    write_test=later(value=False),
    upload_deadline=later(60),
)
folder = SftpRecordingFolder(
    "sftp",
    host=later("sftp.example.com"),
    username=later("recorder"),
    path=later("calls/tracks"),
    host_key=later(given["host_key"]),
    auth_method=later("KEY"),
    port=later(2222),
    password=later("a-passphrase"),
    private_key=later(given["private_key"]),
    existing=later(value=False),
    on_delete=later("force"),
    apps=apps,
    write_test=later(value=False),
    upload_deadline=later(60),
)
SpacesRecordingBucket(
    "spaces",
    bucket=later("acme-outputs-spaces"),
    region=later("SGP1"),
    access_key=later("an-id"),
    secret=later("a-secret"),
    prefix=later("/calls/tracks/"),
    existing=later(value=False),
    on_delete=later("force"),
    retention_days=later(30),
    abort_uploads_days=later(3),
    endpoint=later("https://spaces.example.com"),
    apps=apps,
    write_test=later(value=False),
    upload_deadline=later(60),
)
StorageGate(
    "gate",
    storage_config=later(
        SftpStorageConfigArgs(
            host=later("sftp.example.com"),
            port=later(2222),
            username=later("recorder"),
            path=later("calls/tracks"),
            auth_method=later("KEY"),
            password=later("a-passphrase"),
            private_key=later(given["private_key"]),
        )
    ),
    host_key=later(given["host_key"]),
    endpoint=later("https://spaces.example.com"),
    created_by_stack=later(value=True),
    apps=apps,
    write_test=later(value=False),
    upload_deadline=later(60),
)
TrackRecording(
    "outputs",
    meeting_id=later("a-meeting"),
    layers=later(
        {
            "aws": LayerArgs(
                file_name_prefix=later("aws_{mark}"),
                outputs=later(
                    [
                        OutputArgs(
                            type=later("STORAGE_CONFIG"),
                            storage_config=later(
                                AwsStorageConfigArgs(
                                    access_key=later("an-id"),
                                    secret=later("a-secret"),
                                    bucket=later("acme-outputs"),
                                    region=later("eu-west-1"),
                                    path=later("calls"),
                                )
                            ),
                        )
                    ]
                ),
                media_kind=later("audio"),
            )
        }
    ),
    max_seconds=later(3600),
    desired_state=later("PAUSED"),
    account_id=later("an-account"),
    app_id=later("an-app"),
    on_no_session=later("wait"),
    session_timeout=later(60.5),
    on_ended=later("restart"),
    on_conflict=later("adopt"),
    on_delete=later("leave"),
    replace_live=later("refuse"),
    wait_for_recording=later(60),
    wait_for_upload=later(60),
    adopt_recording_id=later("a-recording"),
    user_ids=later([later("somebody")]),
)
TrackRecording(
    "typed",
    meeting_id=later("a-meeting"),
    layers={
        "azure": LayerArgs(
            outputs=[
                OutputArgs(
                    type=later("STORAGE_CONFIG"),
                    storage_config=AzureStorageConfigArgs(
                        access_key=later(given["connection_string"]),
                        bucket=later("acme-outputs"),
                        path=later("calls"),
                        secret=later(""),
                        region=later(""),
                    ),
                ),
            ]
        ),
        "gcs": LayerArgs(
            outputs=[
                OutputArgs(
                    type=later("STORAGE_CONFIG"),
                    storage_config=GcsStorageConfigArgs(
                        secret=later(given["service_account"]),
                        bucket=later("acme-outputs"),
                        region=later("europe-west1"),
                        path=later("calls"),
                    ),
                ),
            ]
        ),
        "sftp": {
            "outputs": [{"type": later("STORAGE_CONFIG"), "storage_config": folder.storage_config}]
        },
        "spaces": LayerArgs(
            outputs=[
                OutputArgs(
                    type=later("STORAGE_CONFIG"),
                    storage_config=DigitalOceanStorageConfigArgs(
                        access_key=later("an-id"),
                        secret=later("a-secret"),
                        bucket=later("acme-outputs"),
                        region=later("SGP1"),
                        path=later("calls"),
                    ),
                ),
            ]
        ),
    },
)
TrackRecording(
    "plain",
    meeting_id=later("a-meeting"),
    layers={
        "aws": {
            "file_name_prefix": later("aws_{mark}"),
            "outputs": [
                {
                    "type": later("STORAGE_CONFIG"),
                    "storage_config": {
                        "type": "aws",
                        "access_key": later("an-id"),
                        "secret": later("a-secret"),
                        "bucket": later("acme-outputs"),
                        "region": later("eu-west-1"),
                        "path": later("calls"),
                    },
                }
            ],
        }
    },
)
