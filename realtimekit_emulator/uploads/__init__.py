"""Where the files of a finished recording go: a file for each kind of storage, and a registry."""

from realtimekit_emulator.uploads.log_only import LogOnlyUploader
from realtimekit_emulator.uploads.registry import describe_target, real_uploaders
from realtimekit_emulator.uploads.uploader import Upload, Uploader, UploadError

__all__ = [
    "LogOnlyUploader",
    "Upload",
    "UploadError",
    "Uploader",
    "describe_target",
    "real_uploaders",
]
