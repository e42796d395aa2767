"""Cloudflare RealtimeKit track recordings as code, for Pulumi programs in Python."""

from realtimekit_provider.engine.args.layers import (
    LayerArgs,
    LayerArgsDict,
    OutputArgs,
    OutputArgsDict,
)
from realtimekit_provider.engine.args.storage.aws import (
    AwsStorageConfigArgs,
    AwsStorageConfigArgsDict,
)
from realtimekit_provider.engine.args.storage.azure import (
    AzureStorageConfigArgs,
    AzureStorageConfigArgsDict,
)
from realtimekit_provider.engine.args.storage.digitalocean import (
    DigitalOceanStorageConfigArgs,
    DigitalOceanStorageConfigArgsDict,
)
from realtimekit_provider.engine.args.storage.gcs import (
    GcsStorageConfigArgs,
    GcsStorageConfigArgsDict,
)
from realtimekit_provider.engine.args.storage.sftp import (
    SftpStorageConfigArgs,
    SftpStorageConfigArgsDict,
)
from realtimekit_provider.recordings.resource import TrackRecording

__all__ = [
    "AwsStorageConfigArgs",
    "AwsStorageConfigArgsDict",
    "AzureStorageConfigArgs",
    "AzureStorageConfigArgsDict",
    "DigitalOceanStorageConfigArgs",
    "DigitalOceanStorageConfigArgsDict",
    "GcsStorageConfigArgs",
    "GcsStorageConfigArgsDict",
    "LayerArgs",
    "LayerArgsDict",
    "OutputArgs",
    "OutputArgsDict",
    "SftpStorageConfigArgs",
    "SftpStorageConfigArgsDict",
    "TrackRecording",
]
