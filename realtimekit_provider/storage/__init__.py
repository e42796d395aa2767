"""Storage for recordings, declared beside them: buckets, containers and folders."""

from realtimekit_provider.storage.components.aws import AwsRecordingBucket
from realtimekit_provider.storage.components.azure import AzureRecordingContainer
from realtimekit_provider.storage.components.gcs import GcsRecordingBucket
from realtimekit_provider.storage.components.sftp import SftpRecordingFolder
from realtimekit_provider.storage.components.spaces import SpacesRecordingBucket
from realtimekit_provider.storage.gate.resource import StorageGate

__all__ = [
    "AwsRecordingBucket",
    "AzureRecordingContainer",
    "GcsRecordingBucket",
    "SftpRecordingFolder",
    "SpacesRecordingBucket",
    "StorageGate",
]
