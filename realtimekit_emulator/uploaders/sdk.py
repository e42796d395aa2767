"""What the uploaders have in common: finding an SDK, and telling how a server refused."""

from __future__ import annotations

import re
from importlib import import_module
from typing import Any

from .port import UploadError

CONNECT_SECONDS = 5
READ_SECONDS = 15

_CODE = re.compile(r"[A-Za-z]{1,60}")


def sdk(module: str, extra: str) -> Any:
    """Import a vendor's SDK, which only those who upload to it have to install."""
    try:
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
