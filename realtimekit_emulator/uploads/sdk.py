"""What the uploaders have in common: finding an SDK, and telling how a server refused."""

from __future__ import annotations

import re
import sys
import threading
import warnings
from importlib import import_module
from typing import Any

from realtimekit_emulator.uploads.uploader import UploadError

CONNECT_SECONDS = 5
READ_SECONDS = 15

_FIRST_IMPORT = threading.Lock()
_CODE = re.compile(r"[A-Za-z]{1,60}")


def sdk(module: str, extra: str) -> Any:
    """Import a vendor's SDK, which only those who upload to it have to install."""
    try:
        if module not in sys.modules:
            # What an SDK thinks of the packages around it is no reason to fail an upload.
            with _FIRST_IMPORT, warnings.catch_warnings():
                warnings.simplefilter("ignore")
                import_module(module)
        return import_module(module)
    except ImportError:
        message = (
            f"{module.partition('.')[0]} is missing: pip install 'realtimekit-provider[{extra}]'"
        )
        raise UploadError(message) from None


def refusal(status: object, code: object = None) -> UploadError:
    """Tell how a server refused in numbers and codes: its texts may quote a credential."""
    told = f" {code}" if isinstance(code, str) and _CODE.fullmatch(code) else ""
    return UploadError(f"the server answered {status}{told}")
