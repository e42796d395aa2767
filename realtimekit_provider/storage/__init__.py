"""Storage for recordings, declared beside them: buckets, containers and folders."""

from realtimekit_provider.dynamic.storage_resources import StorageGate
from realtimekit_provider.storage.aws import AwsRecordingBucket
from realtimekit_provider.storage.azure import AzureRecordingContainer
from realtimekit_provider.storage.gcs import GcsRecordingBucket
from realtimekit_provider.storage.sftp import SftpRecordingFolder
from realtimekit_provider.storage.spaces import SpacesRecordingBucket

__all__ = [
    "AwsRecordingBucket",
    "AzureRecordingContainer",
    "GcsRecordingBucket",
    "SftpRecordingFolder",
    "SpacesRecordingBucket",
    "StorageGate",
]
