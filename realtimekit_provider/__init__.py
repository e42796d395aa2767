"""Cloudflare RealtimeKit track recordings as code, for Pulumi programs in Python."""

from realtimekit_provider.engine.args import (
    AwsStorageConfigArgs,
    AzureStorageConfigArgs,
    DigitalOceanStorageConfigArgs,
    GcsStorageConfigArgs,
    LayerArgs,
    OutputArgs,
    SftpStorageConfigArgs,
)
from realtimekit_provider.recordings.resource import TrackRecording

__all__ = [
    "AwsStorageConfigArgs",
    "AzureStorageConfigArgs",
    "DigitalOceanStorageConfigArgs",
    "GcsStorageConfigArgs",
    "LayerArgs",
    "OutputArgs",
    "SftpStorageConfigArgs",
    "TrackRecording",
]
