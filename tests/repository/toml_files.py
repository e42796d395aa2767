"""Reads TOML with the standard library, or with ``tomli``, which pytest needs on Python 3.10."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any

__all__ = ["read_toml"]


def read_toml(file: Path) -> dict[str, Any]:
    """Return the content of a TOML file."""
    parser = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    content: dict[str, Any] = parser.loads(file.read_text(encoding="utf-8"))
    return content
