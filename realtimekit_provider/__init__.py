"""Cloudflare RealtimeKit track recordings as code, for Pulumi programs in Python."""

from realtimekit_provider.dynamic.args import (
    AwsStorageConfigArgs,
    AzureStorageConfigArgs,
    DigitalOceanStorageConfigArgs,
    GcsStorageConfigArgs,
    LayerArgs,
    OutputArgs,
    SftpStorageConfigArgs,
)
from realtimekit_provider.dynamic.track_recording import TrackRecording

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
