"""Cloudflare RealtimeKit track recordings as code, for Pulumi programs in Python."""

from realtimekit_provider.engine.args import LayerArgs, OutputArgs
from realtimekit_provider.engine.storage_args.aws import AwsStorageConfigArgs
from realtimekit_provider.engine.storage_args.azure import AzureStorageConfigArgs
from realtimekit_provider.engine.storage_args.digitalocean import DigitalOceanStorageConfigArgs
from realtimekit_provider.engine.storage_args.gcs import GcsStorageConfigArgs
from realtimekit_provider.engine.storage_args.sftp import SftpStorageConfigArgs
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
