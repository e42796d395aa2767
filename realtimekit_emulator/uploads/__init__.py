"""Where the files of a finished recording go; one file here per kind of storage."""

from realtimekit_emulator.uploads.log_only import LogOnlyUploader
from realtimekit_emulator.uploads.registry import real_uploaders
from realtimekit_emulator.uploads.uploader import Upload, Uploader, UploadError, describe

__all__ = ["LogOnlyUploader", "Upload", "UploadError", "Uploader", "describe", "real_uploaders"]
