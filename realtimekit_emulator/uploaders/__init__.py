"""Where the files of a finished recording go; one file here per kind of storage."""

from .log_only import LogOnlyUploader
from .port import Upload, Uploader, UploadError, describe
from .real import real_uploaders

__all__ = ["LogOnlyUploader", "Upload", "UploadError", "Uploader", "describe", "real_uploaders"]
