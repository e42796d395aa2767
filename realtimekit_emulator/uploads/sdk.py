"""What the uploaders share: importing an SDK, and the error for what a server refuses."""

from __future__ import annotations

import re
import sys
import threading
import warnings
from importlib import import_module
from typing import Any

from realtimekit_emulator.extras import describe_missing_module
from realtimekit_emulator.uploads.uploader import UploadError

CONNECT_TIMEOUT = 5
"""Seconds until a connection must exist."""
READ_TIMEOUT = 15
"""Seconds until a server must have answered."""

_FIRST_IMPORT = threading.Lock()
_CODE = re.compile(r"[A-Za-z]{1,60}")


def import_sdk(module: str, extra: str) -> Any:
    """Import a module of a vendor's SDK, which only those who upload with it have to install.

    Raises:
        UploadError: It is not installed; the text names the ``extra`` that brings it.
    """
    try:
        if module not in sys.modules:
            # An SDK's warnings about other packages are no reason to fail an upload.
            with _FIRST_IMPORT, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import_module(module)
        return import_module(module)
    except ImportError:
        raise UploadError(describe_missing_module(module, extra)) from None


def create_rejection_error(status: object, code: object = None) -> UploadError:
    """Return the error for a rejected upload, in numbers and codes only.

    A server's texts may quote a credential.
    """
    suffix = f" {code}" if isinstance(code, str) and _CODE.fullmatch(code) else ""
    return UploadError(f"the server answered {status}{suffix}")
